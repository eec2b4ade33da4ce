"""Two days of misjudging: a wrong answer and a wrong guess today, everything stopped, and the review by keyboard."""

from __future__ import annotations

import re
import sqlite3
import time
from datetime import timedelta
from importlib import resources

import pytest

from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing import cards, schedule
from mtl_teach.learn.workspace.places import PROGRESS
from tests.browser.conftest import PROGRAMS, SECONDS, Notebook
from tests.learn.reviewing.conftest import ASKED

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MISTAKE = "mistake/masked_mean/divides_by_batch_size"
TABS = 30  # to get from a cell to a group in its output


def shoot(page, shots, name):
    if shots is not None:
        page.screenshot(path=shots / f"memory-{name}.png")


def a_day_passes(progress):
    """What was to come tomorrow is due today: the dates of the cards are moved."""
    for row in progress.cards().values():
        due = schedule.written(schedule.day_of(row["due"]) - timedelta(days=1))
        progress.record_card(row["id"], row["kind"], row["step"], due, row["seen"], row["wrong"], row["data"])


def tab_to(page, target):
    """Press Tab until something has the keyboard's focus."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if target.evaluate("node => node.contains(document.activeElement)"):
            return
    raise AssertionError("the keyboard does not get there")


def choose(page, group, wanted):
    """Choose an option with the arrow keys alone; the focus is in its group."""
    page.keyboard.press("Space")
    for _ in range(5):
        checked = group.locator("input:checked")
        if checked.count() and wanted(checked.locator("xpath=..").inner_text()):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError("no option is the wanted one")


def serious(page):
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run('.jp-OutputArea-output')).violations")
    return [(one["id"], one["nodes"][0]["html"][:300]) for one in found if one["impact"] in ("serious", "critical")]


def a_test_with_wrong_answers(program, page, progress):
    """Take quick test 5 and choose the first option everywhere; give back the cards that come of it."""
    day = Notebook(program, page, "quick_tests/quick_test_05.ipynb")
    output = day.run('quiz("05")').locator(".jp-OutputArea")
    groups = output.get_by_role("radiogroup")
    groups.first.wait_for()
    for place in range(groups.count()):
        groups.nth(place).get_by_role("radio").first.check()
    output.get_by_role("button", name="Check my answers").click()
    said = output.get_by_role("alert").filter(has_text="of 7 right").inner_text()
    right = int(re.search(r"(\d) of 7 right", said)[1])
    day.save()
    end = time.monotonic() + SECONDS / 1000
    while len(progress.cards()) < 7 - right:  # the kernel saves after it has shown the score
        assert time.monotonic() < end
        time.sleep(0.1)
    return sorted(progress.cards())


def in_the_dark(page):
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item").filter(has_text="Theme").first.hover()
    page.locator(".lm-Menu-item").filter(has_text="JupyterLab Dark").first.click()
    page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_was_misjudged_today_is_reviewed_by_keyboard_the_next_day(request, name, page, shots):
    program = request.getfixturevalue(name)
    progress = Progress(program.workspace / PROGRESS)
    progress.path.unlink(missing_ok=True)
    missed = a_test_with_wrong_answers(program, page, progress)[:2]
    assert len(missed) == 2
    with sqlite3.connect(progress.path) as db:  # two of them are enough here
        db.execute("DELETE FROM card WHERE id NOT IN (?, ?)", missed)
    db.close()
    cards.misjudged(progress, "01-total", ASKED)
    step, due = schedule.begin(schedule.today())
    progress.record_card(MISTAKE, cards.MISTAKE, step, due, 0, 0, {})
    page.goto("about:blank")
    program.restart()
    a_day_passes(progress)
    due = cards.of_today(progress, schedule.today()).cards
    assert {card.id for card in due} == {*missed, "prediction/01-total", MISTAKE}

    review = Notebook(program, page, "review.ipynb")
    cell = review.run("review()")
    output = cell.locator(".jp-OutputArea")
    group, button = output.get_by_role("radiogroup"), output.get_by_role("button", name="Check my answer")
    group.wait_for()
    shoot(page, shots, f"1-asked-{name}")
    assert serious(page) == []
    page.keyboard.press("Escape")
    tab_to(page, group)
    for number, card in enumerate(due, 1):
        output.get_by_text(f"{number} of {len(due)}.").wait_for()
        page.wait_for_function("node => node.contains(document.activeElement)", arg=group.element_handle())
        choose(page, group, lambda text, card=card: card.kind != cards.PREDICTION or text.endswith("2.5"))
        tab_to(page, button)
        page.keyboard.press("Enter")
        output.get_by_role("alert").filter(has_text=re.compile("✓ Right|✗ Not right")).wait_for()
        button = output.get_by_role("button", name=re.compile("Next|Finish"))
        shoot(page, shots, f"2-{number}-explained-{name}")
        assert serious(page) == []
        assert progress.cards()[card.id]["seen"] == 1
        assert button.evaluate("node => node === document.activeElement")
        page.keyboard.press("Enter")
        button = output.get_by_role("button", name="Check my answer")
    output.get_by_role("alert").filter(has_text="Done for today: ").wait_for()
    shoot(page, shots, f"3-done-{name}")
    assert progress.cards()["prediction/01-total"]["step"] == 1
    assert cards.of_today(progress, schedule.today()).cards == ()
    in_the_dark(page)
    shoot(page, shots, f"4-dark-{name}")
    assert serious(page) == []
