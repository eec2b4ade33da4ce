"""Two days with what can be pressed: answer, explore and save; stop everything; come back and go on."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest
from playwright.sync_api import expect

from autograder.marked import plain
from autograder.quizzes.bank import load
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.browser.conftest import PROGRAMS, SECONDS, Notebook
from tests.browser.test_journey import focused, wait_for_focus

pytestmark = [pytest.mark.browser, pytest.mark.slow]
IMPORTS = "from mtl_teach.figures import lines\nfrom mtl_teach.learn import explore, predict, quiz"
PREDICT = 'predict("Does the line fall?", ["it rises", "it falls", "neither"], name="falls")'
EXPLORE = """explore(
    {slope: slope for slope in (-1, 0, 2)}, {"slope": [-1, 0, 2]},
    lambda end, slope: lines([0, 1], {"line": [0, end]}, title="A line and its slope", xlabel="x", ylabel="y"),
    lambda end, slope: f"With slope {slope} the line ends at {end}.", title="A line",
)"""
QUIZ = 'quiz("05")'
NAME = "second day.ipynb"


@pytest.fixture(params=PROGRAMS)
def program(request):
    """JupyterLab or Notebook 7, with a notebook of its own that holds each element once."""
    lab = request.getfixturevalue(request.param)
    sources = [IMPORTS, PREDICT, EXPLORE, QUIZ]
    cells = [
        {"cell_type": "code", "id": f"cell-{place}", "metadata": {}, "source": source, "outputs": []}
        for place, source in enumerate(sources)
    ]
    for cell in cells:
        cell["execution_count"] = None
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    text = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (lab.workspace / NAME).write_text(json.dumps(text), encoding="utf-8")
    (lab.workspace / PROGRESS).unlink(missing_ok=True)
    return lab


def shoot(page, shots, name):
    if shots is not None:
        page.screenshot(path=shots / f"second-day-{name}.png")


def output(notebook, text):
    return notebook.cell(text).locator(".jp-OutputArea")


def controls(notebook):
    """What looks as if it could be pressed or moved, apart from the buttons that run a cell."""
    return notebook.panel.locator(".jp-OutputArea").locator("input, select, button:not(.mtl-run)").filter(visible=True)


def sentence(notebook):
    return output(notebook, "explore(").get_by_role("alert").inner_text()


def test_what_was_chosen_is_there_the_next_day_and_nothing_dead_before(program, page, shots):
    day = Notebook(program, page, NAME)
    for text in (IMPORTS.splitlines()[0], "predict(", "explore(", QUIZ):
        day.run(text)
    guess = output(day, "predict(")
    guess.get_by_role("radio", name="it falls").check()
    guess.get_by_role("radio", name="sure", exact=True).check()
    guess.get_by_role("button", name="Commit my guess").click()
    guess.get_by_text("Your guess:").wait_for()
    line = output(day, "explore(")
    line.get_by_role("radiogroup", name="slope").get_by_role("radio", name="2").check()
    line.get_by_role("alert").filter(has_text="With slope 2").wait_for()
    test = output(day, QUIZ)
    question = test.get_by_role("radiogroup", name=re.compile("^Question 3"))
    question.get_by_role("radio").nth(1).check()
    asked = question.get_by_role("radio").nth(1).locator("xpath=..").inner_text()
    shoot(page, shots, f"1-answered-{program.program}")
    day.save()
    saved = (program.workspace / NAME).read_text(encoding="utf-8")
    assert "widget-view" not in saved
    assert "widget-state" not in saved

    program.restart()
    day = Notebook(program, page, NAME)
    expect(controls(day)).to_have_count(0, timeout=SECONDS)
    assert day.panel.get_by_text(re.compile("Error displaying|Loading widget")).count() == 0
    for text, to in (("predict(", "see your guess again"), ("explore(", "explore"), (QUIZ, "answer")):
        output(day, text).get_by_text(f"Run this cell to {to}.").wait_for()
    picture = output(day, "explore(").get_by_role("img")
    assert picture.get_attribute("alt") == "With slope -1 the line ends at -1."  # what it was when the cell was run
    assert output(day, "explore(").get_by_text("With slope -1 the line ends at -1.").first.is_visible()
    shoot(page, shots, f"2-next-day-{program.program}")
    assert violations(page) == []

    run = output(day, "explore(").get_by_role("button", name="Run it and the cells above")
    run.focus()
    page.keyboard.press("Enter")
    line = output(day, "explore(")
    line.get_by_role("radio", name="2").and_(line.locator(":checked")).wait_for()
    line.get_by_role("alert").filter(has_text="With slope 2").wait_for()
    assert line.get_by_role("img").get_attribute("alt") == sentence(day)
    guess = output(day, "predict(")  # it stands above, so it ran too
    assert guess.get_by_role("radio", name="it falls").is_checked()
    output(day, QUIZ).get_by_role("button", name="Run it and the cells above").click()
    again = output(day, QUIZ).get_by_role("radiogroup", name=re.compile("^Question 3")).get_by_role("radio").nth(1)
    again.wait_for()
    assert again.is_checked()
    assert again.locator("xpath=..").inner_text() == asked
    shoot(page, shots, f"3-run-again-{program.program}")
    assert violations(page) == []

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    output(day, QUIZ).get_by_text("Run this cell to answer.").filter(visible=True).wait_for()
    expect(controls(day)).to_have_count(0, timeout=SECONDS)
    assert sentence(day) == "With slope 2 the line ends at 2."
    shoot(page, shots, f"4-kernel-gone-{program.program}")


def violations(page):
    """Everything that axe finds inside what our cells show, moderate or worse."""
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run('.jp-OutputArea-output')).violations")
    return [(one["id"], one["nodes"][0]["html"][:300]) for one in found if one["impact"] != "minor"]


def answer_all_by_keyboard(page):
    """From the first option of question 1 to the button, with Tab and the arrow keys alone."""
    right = {plain(one.right.text) for number in range(3) for one in load("05", number).questions}
    for _ in range(7):
        page.keyboard.press("Space")
        for _ in range(5):
            if re.sub(r"^[A-E]\. ", "", focused(page)) in right:
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    wait_for_focus(page, "Check my answers")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="Passed: 7 of 7").wait_for()


def test_a_quick_test_is_taken_twice_by_keyboard_and_the_second_begins_at_question_1(program, page, shots):
    day = Notebook(program, page, "quick_tests/quick_test_05.ipynb")
    cells = day.panel.locator(".jp-Cell").count()
    day.run(QUIZ)
    groups = day.panel.get_by_role("radiogroup")
    groups.first.wait_for()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    first = [group.get_attribute("aria-labelledby") for group in groups.all()]
    assert len(set(first)) == 7
    before = groups.first.inner_text()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "d", "d", "a"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.name") == first[0]  # none of these leaves the group
    assert day.panel.locator(".jp-Cell").count() == cells
    answer_all_by_keyboard(page)
    wait_for_focus(page, "Try again, reshuffled")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.type === 'radio'")
    assert page.evaluate("document.activeElement.name") == groups.first.get_attribute("aria-labelledby")
    assert groups.first.get_by_role("radio").first.is_visible()
    top = groups.first.bounding_box()["y"]
    assert 0 <= top < page.viewport_size["height"]
    assert groups.first.inner_text() != before or groups.nth(1).inner_text() != before
    shoot(page, shots, f"5-again-{program.program}")
    answer_all_by_keyboard(page)
    assert Progress(program.workspace / PROGRESS).quick_tests()["05"] == {"attempts": 2, "best": 7, "out_of": 7}
    assert violations(page) == []


def theme(page, name):
    """Choose a theme in the menu."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item").filter(has_text="Theme").first.click()
    page.locator(".lm-Menu-item").filter(has_text=name).first.click()


# What holds more than its width and would scroll to show it, inside the cells.
SIDEWAYS = """() => [...document.querySelectorAll('.jp-Notebook .jp-Cell *')].filter(node =>
    ['auto', 'scroll'].includes(getComputedStyle(node).overflowX) && node.clientWidth > 0
    && node.scrollWidth > node.clientWidth + 1).map(node => node.outerHTML.slice(0, 200))"""


def test_figures_follow_the_theme_without_a_run_and_nothing_scrolls_sideways(program, page, shots):
    day = Notebook(program, page, NAME)
    for text in (IMPORTS.splitlines()[0], "predict(", "explore(", QUIZ):
        day.run(text)
    picture = output(day, "explore(").get_by_role("img")
    drawn = picture.get_attribute("src")
    assert picture.evaluate("node => getComputedStyle(node).filter") == "none"
    theme(page, "JupyterLab Dark")
    page.locator('body[data-jp-theme-light="false"]').wait_for(state="attached")
    assert picture.evaluate("node => getComputedStyle(node).filter") == "invert(0.93) hue-rotate(180deg)"
    assert picture.get_attribute("src") == drawn
    picture.scroll_into_view_if_needed()
    shoot(page, shots, f"6-dark-{program.program}")
    assert violations(page) == []
    theme(page, "JupyterLab Light")
    page.locator('body[data-jp-theme-light="true"]').wait_for(state="attached")
    narrow = [(390, 800)] if program.program == "notebook" else []  # JupyterLab's list of files takes all of a phone
    for width, height in [(1400, 900), (700, 450), *narrow]:  # the second is 1400 enlarged to 200 %
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("width => window.innerWidth === width", arg=width)
        page.wait_for_timeout(500)  # the page lays itself out again
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate(SIDEWAYS) == []
        shoot(page, shots, f"7-{width}-{program.program}")
