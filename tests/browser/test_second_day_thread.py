"""The second day: everything was stopped, and the home page leads back to the very section."""

from __future__ import annotations

import re

import pytest

from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.deliver import update
from mtl_teach.learn.workspace.places import PROGRESS
from tests.browser.conftest import PROGRAMS, SECONDS, Notebook
from tests.browser.test_journey import serious, shoot

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LESSON = "lessons/05_missing_labels.ipynb"
SECTION = "The mean over what was observed"
SHOWN = """() => {
    const panel = [...document.querySelectorAll('.jp-NotebookPanel')].find((one) => one.offsetParent);
    const top = panel ? panel.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect().top : 0;
    const titles = panel ? [...panel.querySelectorAll('h2, h3')] : [];
    return titles.filter((one) => Math.abs(one.getBoundingClientRect().top - top) < 150).map((one) => one.innerText);
}"""


def opened_by(page, program, click):
    """The page on which a notebook opens: JupyterLab's own, or a new one of Notebook 7."""
    if program == "lab":
        click()
        return page
    with page.context.expect_page() as new:
        click()
    return new.value


def wait_for_section(page, title):
    """Wait until the heading stands at the top of the window, and stays there."""
    page.wait_for_function(f"(title) => ({SHOWN})().some((one) => one.startsWith(title))", arg=title)
    page.wait_for_timeout(1500)
    assert any(one.startswith(title) for one in page.evaluate(SHOWN)), page.evaluate(SHOWN)


@pytest.mark.parametrize("program", PROGRAMS)
def test_home_leads_back_to_the_section_that_was_run_last(request, program, page, shots):
    lab = request.getfixturevalue(program)
    lesson = Notebook(lab, page, LESSON)
    lesson.run("import torch.nn.functional")
    lesson.run("SEEDS = size")
    lesson.run("log = make_click_logs")
    lesson.run("label = torch.tensor")
    assert Progress(lab.workspace / PROGRESS).places()["05_missing_labels"]["section"] == SECTION
    page.close()

    lab.stop()
    update(lab.workspace)  # what `mtl-teach start` does before it starts the server
    lab.start()
    page = request.getfixturevalue("chromium").new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.context.set_default_timeout(SECONDS)
    home = Notebook(lab, page, "index.ipynb")
    home.says(f"Continue: lesson 5, “{SECTION}”")
    shoot(page, shots, f"second-day-home-{program}")
    assert serious(page) == []
    there = opened_by(page, program, lambda: page.get_by_role("link", name="Open it").click())
    there.wait_for_url(re.compile(LESSON))
    wait_for_section(there, SECTION)
    shoot(there, shots, f"second-day-lesson-{program}")
    page.context.close()


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_search_box_finds_a_section_and_leads_to_it(request, program, page, shots):
    lab = request.getfixturevalue(program)
    home = Notebook(lab, page, "index.ipynb")
    cell = home.run("home()")
    box = cell.get_by_label("Search the course")
    box.fill("unit-test masks")
    box.press("Enter")
    cell.get_by_role("alert").filter(has_text="unit-test masks").wait_for()
    shoot(page, shots, f"search-{program}")
    assert serious(page) == []
    link = cell.get_by_role("link", name="Lesson 5, “How to unit-test a mask”").first
    there = opened_by(page, program, link.click)
    wait_for_section(there, "How to unit-test a mask")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_word_of_a_lesson_leads_to_its_meaning(request, program, page):
    lab = request.getfixturevalue(program)
    lesson = Notebook(lab, page, LESSON)
    link = lesson.panel.get_by_role("link", name="mask", exact=True).first
    there = opened_by(page, program, link.click)
    term = there.locator(".jp-Cell", has_text="mask: boolean array").first
    term.wait_for()
    there.wait_for_function("node => node.getBoundingClientRect().top < innerHeight", arg=term.element_handle())


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_cheat_sheet_opens_from_the_home_page(request, program, page, shots):
    lab = request.getfixturevalue(program)
    home = Notebook(lab, page, "index.ipynb")
    there = opened_by(page, program, home.panel.get_by_role("link", name="cheat sheet").click)
    shown = there.frame_locator("iframe") if program == "lab" else there  # Notebook 7 opens the page itself
    shown.get_by_role("heading", name="Missing labels and masked losses").wait_for()
    shoot(there, shots, f"cheat-sheet-{program}")
