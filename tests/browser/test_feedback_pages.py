"""Feedback pages in a real browser: nothing is loaded, nothing runs, and everybody can read them."""

from importlib import resources

import pytest

from autograder import catalogue
from autograder.course_files import course_root
from autograder.gradebook.feedback.asked import asked
from autograder.gradebook.feedback.entered import Entry, Given
from autograder.gradebook.feedback.look import as_html
from autograder.gradebook.feedback.page import page_of
from autograder.grading.record import UNGRADABLE
from autograder.results import Cause, Verdict
from tests.autograder.by_hand import checked, result
from tests.autograder.gradebook.feedback.samples import (
    ASKED,
    CODE,
    FULL,
    NOT_BEGUN,
    WRONG,
    entry_of,
    notebook_with,
    record_of,
)
from tests.autograder.gradebook.feedback.test_look import HOSTILE
from tests.browser.conftest import a_page_that_notes

pytestmark = [pytest.mark.browser]

PROSE = """A *claim* with $\\hat w_1$, `code`, a [link](https://example.org) and

1. one
2. two

| a | b |
|---|---|
| 1 | 2 |
"""
SCREENS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
CELLS = {"masked_mean": {"printed": "values: 3\n", "error": ""}, "cell 7": {"printed": "", "error": "NameError: x"}}


def shown(*results, entry=None, notebook=None, told=None, **more):
    made = record_of(*results, **more)
    notebook = notebook or notebook_with(written=PROSE)
    page = page_of(made, ASKED, entry or entry_of(), notebook, told=told, course="mtl-2026", book="../book/")
    return as_html(page)


def quick_test():
    """A whole quick test of the course, of which every second answer is wrong."""
    questions = asked(course_root() / "solutions" / "qt05_missing_labels" / "qt05_missing_labels.ipynb")
    results, given = [], {}
    for place, one in enumerate(questions.questions):
        exercise = catalogue.load(one.exercise)
        name, wrong = next(iter(exercise.misconceptions.items()))
        said = {"summary": f"{name[-1]} is not the right option.", "misconception": name, "message": wrong.message}
        verdict = Verdict.FAILED if place % 2 else Verdict.PASSED
        check = checked(verdict, most=1.0, cause=Cause.WRONG if place % 2 else Cause.NONE, **said if place % 2 else {})
        results.append(result(check, exercise=exercise.id))
        given[one.cell] = Given(float(place % 2 == 0), 1.0)
    cells = [{"cell_type": "code", "id": one.answer, "source": 'answer = "A"'} for one in questions.questions]
    entry = Entry("Ada Lovelace", None, 0.0, given)
    return as_html(page_of(record_of(*results), questions, entry, {"cells": cells}, course="mtl-2026"))


KINDS = {
    "wrong": lambda: shown(WRONG, cells=CELLS),
    "marked": lambda: shown(
        FULL, entry=entry_of(9.0, 3.0, penalty=1.5, why="The limit is **missing**.\nSee lesson 5.")
    ),
    "told by the tutor": lambda: shown(FULL, entry=entry_of(9.0, 4.0), told={"masked_mean": "Shorter: `mean`."}),
    "not begun": lambda: shown(NOT_BEGUN, entry=entry_of(0.0, 0.0), notebook=notebook_with(CODE, "")),
    "unreadable": lambda: shown(entry=entry_of(None), status=UNGRADABLE, reason="the file is not a notebook"),
    "for review": lambda: shown(
        WRONG,
        review=[{"cell": "why-masking", "reason": "This cell lost its name."}],
        said=["A byte-order mark was taken away."],
        outside=["My *answer*."],
    ),
    "hostile": lambda: shown(
        WRONG,
        entry=entry_of(name=HOSTILE, written=1.0, why=HOSTILE),
        notebook=notebook_with(HOSTILE, HOSTILE),
        cells={"masked_mean": {"printed": HOSTILE, "error": HOSTILE}},
        said=[HOSTILE],
        outside=[HOSTILE],
        told={"masked_mean": HOSTILE},
    ),
    "quick test": quick_test,
}


@pytest.fixture(params=SCREENS, ids=lambda one: f"{one[1]} {one[0]}")
def screen(request, chromium):
    """A page of a browser as a phone or a desk has it, in either scheme."""
    yield from a_page_that_notes(chromium, *request.param)


def opened(screen, tmp_path, kind):
    path = tmp_path / "page.html"
    path.write_text(KINDS[kind](), encoding="utf-8")
    screen.goto(path.as_uri())
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_for_nothing_says_nothing_and_everybody_can_read_it(screen, tmp_path, kind, shots):
    path = opened(screen, tmp_path, kind)
    if shots:
        screen.screenshot(path=shots / f"feedback-{kind.replace(' ', '-')}-{screen.name}.png", full_page=True)
    for summary in screen.locator("summary").all():
        summary.click()
    assert screen.noted == [path.as_uri()]
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    session = screen.context.new_cdp_session(screen)
    session.send("Page.setBypassCSP", {"enabled": True})  # axe is a script, and the page lets none in
    screen.reload()
    for summary in screen.locator("summary").all():
        summary.click()
    screen.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = screen.evaluate("axe.run()")
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
    assert "color-contrast" in [one["id"] for one in found["passes"]]


def test_the_policy_stops_a_script_and_a_request_that_came_in_all_the_same(screen, tmp_path):
    stopped = []
    screen.on("requestfailed", lambda one: stopped.append((one.url, one.failure)))
    path = tmp_path / "page.html"
    inside = "<script>document.title = 'ran'</script><img src='https://example.org/x.png' onerror='document.title = 1'>"
    path.write_text(KINDS["wrong"]().replace("<footer>", f"{inside}<footer>"), encoding="utf-8")
    screen.goto(path.as_uri())
    assert screen.title() == "Problem set 5: masks: feedback for Ada Lovelace"
    assert stopped == [("https://example.org/x.png", "csp")]


def test_the_links_of_the_overview_lead_to_their_parts_by_keyboard(screen, tmp_path):
    opened(screen, tmp_path, "wrong")
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.activeElement.textContent") == "Skip to your mark"
    screen.keyboard.press("Tab")
    screen.keyboard.press("Enter")
    assert screen.evaluate("location.hash") == "#part-1"


def test_a_printed_page_shows_what_is_folded(screen, tmp_path):
    opened(screen, tmp_path, "wrong")
    passed = screen.get_by_text("It is one number.")
    assert not passed.is_visible()
    screen.emulate_media(media="print")
    assert passed.is_visible()
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
