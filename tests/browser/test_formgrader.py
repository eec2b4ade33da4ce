"""An instructor in nbgrader's formgrader: its buttons grade in our sandbox."""

import pytest

from autograder.gradebook import marks
from tests.autograder.conftest import NAME, course, hand_in, released, released_course, sources, with_answer
from tests.browser.conftest import TOKEN
from tests.browser.real_servers import formgrader_of

__all__ = ["course", "released", "released_course", "sources"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]


@pytest.fixture
def formgrader(course, tmp_path):
    """The address of a formgrader whose course is ours, as `jupyter server` in the course's folder starts it."""
    with formgrader_of(course.root, tmp_path / "server") as address:
        yield address


def press(page, student, button):
    """Press one of the buttons in a student's row and wait for nbgrader's word that it is done."""
    row = page.locator("tr").filter(has=page.locator(".student-id", has_text=student))
    row.locator(f".{button} a").click()
    said = page.locator(".modal-body")
    said.wait_for()
    text = said.inner_text()
    page.locator(".modal.in .close, .modal.show .close").first.click()
    page.locator(".modal-backdrop").wait_for(state="detached")
    return row, text


def test_formgraders_buttons_autograde_in_the_sandbox_and_write_feedback(course, released, formgrader, page, shots):
    hand_in(course, "ada", with_answer(released, "right"))
    hand_in(course, "bob", with_answer(released, "exit"))
    page.goto(formgrader.replace("/formgrader", f"/lab?token={TOKEN}"))  # logs in
    page.goto(f"{formgrader}/manage_submissions/{NAME}")
    row, said = press(page, "ada", "autograde")
    assert "Successfully autograded" in said
    assert "9 / 13" in row.locator(".score").inner_text()
    assert "needs manual grading" in row.locator(".status").inner_text()
    row, said = press(page, "bob", "autograde")
    assert "Successfully autograded" in said
    assert "0 / 13" in row.locator(".score").inner_text()
    _, said = press(page, "bob", "generate-feedback")
    assert "Successfully generated feedback" in said
    if shots:
        page.screenshot(path=shots / "formgrader.png")
    assert course.read_record("ada", NAME)["layers"] == list(course.layers())
    written = (course.root / "feedback" / "bob" / NAME / f"{NAME}.html").read_text()
    assert "the code ended its own process" in written
    rows = {row["student"]: (row["raw_score"], row["score"], row["status"]) for row in marks.marks(course)}
    assert rows == {"ada": (9.0, None, "needs marking"), "bob": (0.0, None, "needs marking")}
