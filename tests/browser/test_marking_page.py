"""The marking page in a real browser: a pile of three answers marked by keyboard alone."""

import threading
from importlib import resources

import pytest
from nbgrader.api import Gradebook as NbGradebook

from autograder.desk.marking.pile import Gradebook, Marking, schemes
from autograder.desk.marking.second import SecondMarks, read
from autograder.desk.marking.server import Server
from autograder.gradebook.given import note_given
from autograder.gradebook.marks import marks
from tests.autograder.desk.marking.conftest import (
    CELL,
    QUESTION,
    SET,
    class_,
    course,
    handed_out,
    marking_course,
    marking_sources,
)
from tests.browser.conftest import SECONDS

__all__ = ["class_", "course", "handed_out", "marking_course", "marking_sources"]  # fixtures

pytestmark = [pytest.mark.browser]


@pytest.fixture
def served(class_):
    """Serve marking pages on this machine while a test runs."""
    stop, threads = threading.Event(), []

    def serve(question=CELL, second=""):
        book = SecondMarks(class_, second, 1.0) if second else Gradebook(class_)
        server = Server(Marking(class_, schemes(class_, (), question), book, blind=bool(second)))
        threads.append((server, threading.Thread(target=server.serve, kwargs={"stop": stop})))
        threads[-1][1].start()
        return server

    yield serve
    stop.set()
    for server, thread in threads:
        thread.join()
        server.server_close()


def opened(page, server):
    """Open the page; what its console says and what it asks of anybody else is an error."""
    page.noted = []
    page.on("console", lambda one: page.noted.append(one.text))
    page.on("pageerror", lambda one: page.noted.append(str(one)))
    page.on(
        "request", lambda one: None if one.url.startswith((server.address, "data:")) else page.noted.append(one.url)
    )
    page.goto(server.address)
    page.locator("#who:visible, #questions button:visible").first.wait_for()


def who(page, text):
    """Wait until an answer stands there."""
    page.locator("#who", has_text=text).wait_for()


def said(page, text):
    page.locator("#said, #wrong", has_text=text).first.wait_for()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def in_gradebook(course, student, cell=CELL):
    """As formgrader reads it: the score, whether it waits, the comment."""
    with NbGradebook(course.database) as gradebook:
        (notebook,) = gradebook.find_submission(SET, student).notebooks
        grade = next(one for one in notebook.grades if one.cell.name == cell)
        comment = next(one for one in notebook.comments if one.cell.name == cell)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def axe(page):
    """What axe finds; it is a script, and the page lets none in but its own."""
    session = page.context.new_cdp_session(page)
    session.send(
        "Runtime.evaluate", {"expression": (resources.files("axe_playwright_python") / "axe.min.js").read_text()}
    )
    found = page.evaluate("axe.run()")
    assert "color-contrast" in [one["id"] for one in found["passes"]]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


def test_a_pile_is_marked_by_keyboard_alone_and_the_gradebook_has_it(class_, served, page):
    opened(page, served())
    who(page, "Answer 1: not marked yet")
    assert page.evaluate("document.activeElement.id") == "who"
    assert page.locator("#progress").inner_text() == "1 of 5 marked · 1 left empty · 1 for review"
    assert not page.locator("#name").is_visible()
    press(page, "n")
    assert page.locator("#name").inner_text() == "cleo"
    press(page, *"123456", "Enter")  # everything there
    who(page, "Answer 4: not marked yet")
    assert not page.locator("#name").is_visible()
    press(page, *"1246", "c")
    page.keyboard.insert_text("\nLook at lesson 5.")
    press(page, "Control+Enter")
    who(page, "Answer 5: not marked yet")
    press(page, "s")
    page.locator("#sentences-list button").first.wait_for()
    press(page, "1", "m", *"2.5", "Enter")
    said(page, "Everything here that can be marked is marked.")
    assert page.noted == []
    rank = {"cleo": (6.0, False, None)}
    first, second = (in_gradebook(class_, student) for student in ("ada", "bob"))
    lines = [one.missing for one in schemes(class_)[QUESTION].lines]
    rank["four"] = (4.0, False, f"{lines[2]}\n{lines[4]}\nLook at lesson 5.")
    assert in_gradebook(class_, "cleo") == rank["cleo"]
    assert sorted([first, second], key=lambda one: one[0]) == [(2.5, False, "Look at lesson 5."), rank["four"]]
    raw = {row["student"]: row["raw_score"] for row in marks(class_)}
    assert (raw["cleo"], raw["ada"] + raw["bob"]) == (9 + 6, 2 * 9 + 4 + 2.5)


def test_a_save_is_undone_what_was_begun_stays_and_a_wrong_number_is_said(class_, served, page):
    opened(page, served())
    who(page, "Answer 1")
    press(page, "Enter")
    said(page, "Give a mark first")
    press(page, "1", "j")
    who(page, "Answer 4")
    press(page, "k")
    who(page, "Answer 1")
    assert page.locator("#score").input_value() == "1"
    press(page, "m", *"77", "Enter")
    said(page, "A mark is a number from 0 to 6.")
    press(page, "Escape", "0", "Enter")
    who(page, "Answer 4")
    assert in_gradebook(class_, "cleo")[:2] == (0.0, False)
    press(page, "u")
    said(page, "Undone: answer 1")
    assert in_gradebook(class_, "cleo") == (None, True, None)
    press(page, "k")
    said(page, "This is the first answer.")


def test_a_sentence_that_the_marker_took_out_does_not_come_back(class_, served, page):
    opened(page, served())
    who(page, "Answer 1")
    press(page, "1", "c", "Control+a")
    page.keyboard.insert_text("My own words.")
    press(page, "Escape", "2")
    assert page.locator("#comment").input_value() == "My own words."
    press(page, "2")  # unticked by hand: it is missing after all
    assert page.locator("#comment").input_value().startswith("My own words.\nMissing: the total")


def test_of_two_windows_the_later_one_is_told_and_asked(class_, served, page, shots):
    server = served()
    opened(page, server)
    other = page.context.new_page()
    opened(other, server)
    for window in (page, other):
        who(window, "Answer 1")
    press(page, "1", "2", "Enter")
    who(page, "Answer 4")
    press(other, "1", "Enter")
    other.get_by_role("dialog", name="This mark has changed meanwhile").wait_for()
    assert other.locator("#theirs").inner_text().startswith("2 of 6")
    assert other.locator("#mine").inner_text().startswith("1 of 6")
    assert in_gradebook(class_, "cleo")[0] == 2.0
    if shots:
        other.screenshot(path=shots / "marking-conflict.png")
    assert axe(other) == []
    other.get_by_role("button", name="Save mine over it").press("Enter")
    who(other, "Answer")
    said(other, "Answer 1: 1 of 6 saved.")
    assert in_gradebook(class_, "cleo")[0] == 1.0


def test_what_waits_for_review_cannot_be_marked_and_a_mark_that_was_told_is_said(class_, served, page):
    rows = [{"student": student, "assignment": SET, "score": 9.0} for student in ("ada", "bob", "cleo")]
    note_given(class_, rows)
    opened(page, served())
    who(page, "Answer 1")
    assert "has been told 9 points" in page.locator("#notice").inner_text()
    press(page, "j", "j", "j")
    who(page, "Answer 3: waits for review")
    assert "The cell of this answer is missing" in page.locator("#notice").inner_text()
    assert page.locator("#outside .own").inner_text() == "My answer."
    press(page, "1", "Enter")
    said(page, "waits for review and has no mark until then")
    assert in_gradebook(class_, "eve") == (None, True, None)


def test_a_gradebook_that_is_gone_and_a_server_that_stopped_lose_nothing(class_, served, page):
    opened(page, served())
    who(page, "Answer 1")
    press(page, *"123")
    aside = class_.root / "aside.db"
    class_.gradebook_path.rename(aside)
    press(page, "Enter")
    said(page, "gradebook.db is gone")
    aside.rename(class_.gradebook_path)
    page.route("**/save", lambda route: route.abort())
    press(page, "Enter")
    said(page, "The page's server has stopped")
    page.unroute("**/save")
    press(page, "Enter")
    who(page, "Answer 4")
    assert in_gradebook(class_, "cleo")[0] == 3.0


def test_a_second_marker_is_told_nothing_of_the_first_marks(class_, served, page):
    opened(page, served())
    who(page, "Answer 1")
    press(page, "1", "Enter")
    who(page, "Answer 4")
    opened(page, served(second="Kim"))
    who(page, "not marked yet")
    press(page, "n")
    assert not page.locator("#name").is_visible()
    before = {student: in_gradebook(class_, student) for student in ("ada", "bob", "cleo")}
    for left in ("not marked yet", "not marked yet", "marked"):
        press(page, *"12", "Enter")
        who(page, left)
    said(page, "Everything here")
    own = read(class_.private / "second-marks" / "Kim.json")[QUESTION]
    assert {student: mark.score for student, (mark, _) in own.items()} == dict.fromkeys(("ada", "bob", "cleo"), 2.0)
    assert {student: in_gradebook(class_, student) for student in before} == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everybody_can_read_it_on_a_desk_and_on_a_phone(chromium, served, width, scheme, shots):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    context.set_default_timeout(SECONDS)
    page = context.new_page()
    opened(page, served(question=""))
    views = {
        "list": lambda: page.get_by_role("button", name="In words").wait_for(),
        "answer": lambda: (press(page, "Enter"), who(page, "Answer 1"), press(page, *"124", "n")),
        "folds": lambda: [one.click() for one in page.locator("#examples summary, #pile-fold summary").all()],
        "help": lambda: press(page, "?"),
        "sentences": lambda: press(page, "Escape", "s"),
        "free": lambda: (
            press(page, "Escape"),
            page.locator("#all").click(),
            page.get_by_role("button", name="And in your own").click(),
            who(page, "Answer"),
            page.get_by_text("Up to four points").wait_for(),
        ),
    }
    for name, view in views.items():
        view()
        if shots:
            page.screenshot(path=shots / f"marking-{name}-{width}-{scheme}.png", full_page=width == 390)
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    assert page.noted == []
    context.close()
