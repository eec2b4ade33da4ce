"""Marks by hand: as formgrader leaves them, never over another one, and nothing lost where the gradebook is busy."""

import sqlite3

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook import by_hand
from autograder.gradebook.by_hand import Mark, Moved, lines_noted, looked_at, piles, save, standings
from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.feedback.entered import entries_of
from autograder.gradebook.marks import marks
from autograder.grading.course import CourseError
from autograder.grading.lock import only_one
from tests.autograder.by_hand import FULL, graded
from tests.autograder.conftest import NAME, with_answer

CELL = "why-masking"


@pytest.fixture
def entered(course, released):
    """Two answers that wait, and one that was left as it was handed out."""
    graded(course, "eve", released, FULL)
    for student in ("ada", "bob"):
        graded(course, student, with_answer(released, "right"), FULL)
    write_gradebook(course)
    return course


def give(course, student, score, comment="", **more):
    seen = standings(course, NAME, CELL)[student].version
    return save(course, student, NAME, CELL, Mark(score, comment, **more), seen)


def grade_of(gradebook, student):
    (notebook,) = gradebook.find_submission(NAME, student).notebooks
    grade = next(one for one in notebook.grades if one.cell.name == CELL)
    return grade, next(one for one in notebook.comments if one.cell.name == CELL)


def test_what_waits_and_what_was_left_empty_are_told_apart(entered):
    found = standings(entered, NAME, CELL)
    assert {student: (one.auto, one.mark.waits, one.most) for student, one in found.items()} == {
        "ada": (None, True, 4.0),
        "bob": (None, True, 4.0),
        "eve": (0.0, False, 4.0),
    }
    assert piles(entered)[NAME, CELL] == by_hand.Piled(marked=1, total=3)
    assert looked_at(entered, NAME) == set()


def test_a_mark_is_where_formgrader_exports_and_pages_look(entered):
    now = give(entered, "ada", 2.5, "Missing: a limit.", lines=(0, 2))
    assert (now.mark, now.auto) == (Mark(2.5, "Missing: a limit.", (0, 2)), None)
    with Gradebook(entered.database) as gradebook:
        grade, comment = grade_of(gradebook, "ada")
        assert (grade.manual_score, grade.needs_manual_grade, grade.score) == (2.5, False, 2.5)
        assert (comment.manual_comment, comment.comment) == ("Missing: a limit.", "Missing: a limit.")
        assert grade_of(gradebook, "bob")[0].needs_manual_grade
    assert {row["student"]: row["score"] for row in marks(entered)} == {"ada": 11.5, "bob": None, "eve": 9.0}
    assert entries_of(entered)["ada", NAME].comments == {CELL: "Missing: a limit."}


def test_the_next_run_leaves_it_and_reopens_it_only_for_another_answer(entered, released):
    give(entered, "ada", 3.0, lines=(1,))
    write_gradebook(entered)
    assert standings(entered, NAME, CELL)["ada"].mark == Mark(3.0, lines=(1,))
    other = with_answer(released, "right")
    next(cell for cell in other["cells"] if cell["id"] == CELL)["source"] = "Another answer."
    graded(entered, "ada", other, FULL)
    write_gradebook(entered)
    assert standings(entered, NAME, CELL)["ada"].mark == Mark(3.0, lines=(1,), waits=True)


def test_taken_back_it_waits_again_or_has_its_zero_again(entered):
    assert give(entered, "ada", 3.0).mark == Mark(3.0)
    assert give(entered, "ada", None).mark == Mark(None, waits=True)
    give(entered, "eve", 1.0)
    assert give(entered, "eve", None).mark == Mark(None)


def test_extra_credit_of_formgrader_stays(entered):
    with Gradebook(entered.database) as gradebook:
        grade_of(gradebook, "ada")[0].extra_credit = 1.5
        gradebook.db.commit()
    assert give(entered, "ada", 3.0).extra == 1.5
    assert {row["student"]: row["score"] for row in marks(entered)}["ada"] == 13.5


@pytest.mark.parametrize("change", ["manual_score", "manual_comment", "extra_credit"])
def test_a_mark_that_changed_since_it_was_seen_is_never_overwritten(entered, change):
    seen = standings(entered, NAME, CELL)["ada"].version
    with Gradebook(entered.database) as gradebook:
        grade, comment = grade_of(gradebook, "ada")
        setattr(comment if "comment" in change else grade, change, "Mine." if "comment" in change else 1.0)
        gradebook.db.commit()
    with pytest.raises(Moved) as moved:
        save(entered, "ada", NAME, CELL, Mark(4.0), seen)
    assert moved.value.now == standings(entered, NAME, CELL)["ada"]
    assert moved.value.now.mark.score != 4.0
    save(entered, "ada", NAME, CELL, Mark(4.0), moved.value.now.version)
    assert standings(entered, NAME, CELL)["ada"].mark.score == 4.0


def test_an_answer_that_changed_since_it_was_seen_is_not_marked_unread(entered, released):
    seen = standings(entered, NAME, CELL)["ada"].version
    other = with_answer(released, "right")
    next(cell for cell in other["cells"] if cell["id"] == CELL)["source"] = "Another answer."
    graded(entered, "ada", other, FULL)
    write_gradebook(entered)
    with pytest.raises(Moved):
        save(entered, "ada", NAME, CELL, Mark(4.0), seen)


def test_lines_are_forgotten_where_formgrader_gave_another_score(entered):
    give(entered, "ada", 3.0, lines=(0, 1, 2))
    with Gradebook(entered.database) as gradebook:
        grade_of(gradebook, "ada")[0].manual_score = 2.0
        gradebook.db.commit()
    assert standings(entered, NAME, CELL)["ada"].mark == Mark(2.0)


def test_lines_are_noted_by_score_and_no_points_are_no_line(entered):
    with Gradebook(entered.database) as gradebook:
        assert lines_noted(gradebook.db) == {}
    give(entered, "ada", 3.0, lines=(0, 2))
    give(entered, "bob", 0.0)
    with Gradebook(entered.database) as gradebook:
        assert lines_noted(gradebook.db) == {("ada", NAME, CELL, 3.0): (0, 2), ("bob", NAME, CELL, 0.0): ()}
        assert lines_noted(gradebook.db, NAME, CELL) == lines_noted(gradebook.db)
        assert lines_noted(gradebook.db, NAME, "another") == {}
    give(entered, "bob", 2.5)  # typed: nobody said what for
    give(entered, "ada", None)
    with Gradebook(entered.database) as gradebook:
        assert lines_noted(gradebook.db) == {}


def test_a_gradebook_that_another_program_holds_is_one_sentence(entered, monkeypatch):
    seen = standings(entered, NAME, CELL)["ada"].version
    opened = by_hand.gradebook_of

    def impatient(course):
        gradebook = opened(course)
        gradebook.db.connection().exec_driver_sql("PRAGMA busy_timeout = 0")
        return gradebook

    monkeypatch.setattr(by_hand, "gradebook_of", impatient)
    with sqlite3.connect(entered.gradebook_path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CourseError, match=r"gradebook\.db is locked by another program: close it and try again"):
            save(entered, "ada", NAME, CELL, Mark(4.0), seen)
        other.execute("ROLLBACK")
    other.close()
    save(entered, "ada", NAME, CELL, Mark(4.0), seen)
    assert standings(entered, NAME, CELL)["ada"].mark.score == 4.0


def test_while_a_run_holds_the_folder_nothing_is_saved_and_it_says_who(entered, monkeypatch):
    monkeypatch.setattr(by_hand, "PATIENCE", 0.0)
    seen = standings(entered, NAME, CELL)["ada"].version
    with only_one(entered, "run"), pytest.raises(CourseError, match="is in use by `mtl-grade run`"):
        save(entered, "ada", NAME, CELL, Mark(4.0), seen)
    assert standings(entered, NAME, CELL)["ada"].mark.score is None


def test_a_gradebook_that_is_gone_is_not_made_anew(entered):
    seen = standings(entered, NAME, CELL)["ada"].version
    entered.gradebook_path.unlink()
    for asked in (lambda: standings(entered, NAME, CELL), lambda: save(entered, "ada", NAME, CELL, Mark(4.0), seen)):
        with pytest.raises(CourseError, match=r"gradebook\.db is gone: `mtl-grade run .*` brings it back"):
            asked()
    assert not entered.gradebook_path.exists()


def test_what_is_no_database_is_one_sentence(entered):
    entered.gradebook_path.write_bytes(b"no database at all, and longer than a header " * 40)
    with pytest.raises(CourseError, match="cannot be read or written"):
        standings(entered, NAME, CELL)


def test_an_answer_that_left_the_gradebook_is_said(entered):
    with pytest.raises(CourseError, match="no longer has this answer"):
        save(entered, "nobody", NAME, CELL, Mark(4.0), "")
