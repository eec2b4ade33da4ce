"""From records into the gradebook: each once, and whatever failed again until it is graded."""

import contextlib
import copy
import sqlite3

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook import enter as enter_room
from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.marks import marks
from autograder.grading.course import Course, CourseError
from autograder.grading.record import GRADER_ERROR, UNGRADABLE
from autograder.results import Verdict
from tests.autograder.by_hand import FULL, checked, graded, record, result
from tests.autograder.conftest import NAME, hand_in

HALF = result(checked(Verdict.FAILED, most=9.0, points=4.5, summary="It is not."))


def scores(course):
    return {row["student"]: row["score"] for row in marks(course)}


def of_each_cell(course, student):
    """Score and comment of the check, the answer and the written answer: (auto score, to be looked at, comment)."""
    with Gradebook(course.database) as gradebook:
        (notebook,) = gradebook.find_submission(NAME, student).notebooks
        grades = {one.cell.name: (one.auto_score, one.needs_manual_grade) for one in notebook.grades}
        return grades, {one.cell.name: one.auto_comment for one in notebook.comments}


def test_every_record_is_entered_once(course, released):
    hand_in(course, "aaron", released)  # not graded yet
    graded(course, "ada", released, FULL)
    graded(course, "bob", released, HALF)
    assert write_gradebook(course).written == 2
    assert scores(course) == {"aaron": None, "ada": 9.0, "bob": 4.5}
    assert write_gradebook(course).written == 0


def test_another_record_is_entered_anew(course, released):
    graded(course, "ada", released, HALF)
    write_gradebook(course)
    better = copy.deepcopy(released)
    better["cells"][2]["source"] = "changed = True"
    graded(course, "ada", better, FULL)
    assert write_gradebook(course).written == 1
    assert scores(course) == {"ada": 9.0}


def test_another_time_of_handing_in_is_entered_anew(course, released):
    graded(course, "ada", released, FULL)
    write_gradebook(course)
    (course.root / "submitted" / "ada" / NAME / "timestamp.txt").write_text("2026-01-10 11:00:00 UTC")
    assert [write_gradebook(course).written, write_gradebook(course).written] == [1, 0]


def test_a_failure_of_the_grader_is_not_entered_for_good_and_the_regrade_arrives(course, released, monkeypatch):
    with monkeypatch.context() as patch:
        # grading is tried once more before it is entered; here it fails again
        patch.setattr(Course, "record", lambda course, student, name: course.read_record(student, name))
        graded(course, "ada", released, status=GRADER_ERROR, reason="out of luck")
        assert [write_gradebook(course).written, write_gradebook(course).written] == [1, 1]
    cells, comments = of_each_cell(course, "ada")
    assert set(cells.values()) == {(None, True)}
    assert set(comments.values()) == {"Not graded automatically: out of luck."}
    course.write_record(record(course, "ada", FULL))  # of the same work: the same key
    assert [write_gradebook(course).written, write_gradebook(course).written] == [1, 0]
    assert scores(course) == {"ada": 9.0}


def test_what_cannot_be_graded_waits_for_a_person_without_a_mark(course, released):
    graded(course, "ada", b"{", status=UNGRADABLE, reason="the file is not a notebook")
    graded(course, "bob", released, FULL)
    assert write_gradebook(course).written == 2
    cells, comments = of_each_cell(course, "ada")
    assert cells == {"check-masked_mean": (None, True), "why-masking": (None, True)}
    assert comments == dict.fromkeys(
        ("masked_mean", "why-masking"), "Not graded automatically: the file is not a notebook."
    )
    assert of_each_cell(course, "bob")[0]["check-masked_mean"] == (9.0, False)
    assert write_gradebook(course).written == 0


def test_what_became_unreadable_loses_the_mark_that_it_had(course, released):
    graded(course, "ada", released, FULL)
    write_gradebook(course)
    graded(course, "ada", b"{", status=UNGRADABLE, reason="the file is not a notebook")
    write_gradebook(course)
    assert of_each_cell(course, "ada")[0]["check-masked_mean"] == (None, True)


def test_a_problem_set_that_the_gradebook_does_not_know_is_released_first(course, released):
    graded(course, "ada", released, FULL)
    with Gradebook(course.database) as gradebook:
        gradebook.remove_assignment(NAME)
    assert write_gradebook(course).written == 1
    assert scores(course) == {"ada": 9.0}


def test_a_folder_that_is_no_problem_set_releases_nothing(course, released):
    (course.root / "submitted" / "ada" / "holiday").mkdir(parents=True)
    assert write_gradebook(course).written == 0
    with Gradebook(course.database) as gradebook:
        assert [one.name for one in gradebook.assignments] == [NAME]


def test_a_gradebook_that_is_no_file_is_named_with_the_repair(course, released):
    graded(course, "ada", released, FULL)
    course.gradebook_path.unlink()
    course.gradebook_path.mkdir()
    with pytest.raises(CourseError, match=r"cannot be copied \(unable to open database file\): make room"):
        write_gradebook(course)


def test_a_lock_is_called_one_and_the_next_run_enters_what_is_missing(course, released, monkeypatch):
    graded(course, "ada", released, FULL)
    with monkeypatch.context() as patch, contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as lock:
        connect = sqlite3.connect
        patch.setattr(sqlite3, "connect", lambda path, **options: connect(path, **{**options, "timeout": 0.01}))
        patch.setattr(sqlite3.dbapi2, "connect", sqlite3.connect)
        lock.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CourseError, match=r"gradebook\.db is locked by another program: close it and run again"):
            write_gradebook(course)
    assert write_gradebook(course).written == 1


def test_what_goes_wrong_with_one_submission_is_said_and_everybody_else_is_entered(course, released, monkeypatch):
    for student in ("ada", "bob", "cleo"):
        graded(course, student, released, FULL)
    judge = enter_room.judge

    def unlucky(nb, record, *more):
        if record["student"] == "bob":
            raise KeyError("a cell of nobody's")
        return judge(nb, record, *more)

    with monkeypatch.context() as patch:
        patch.setattr(enter_room, "judge", unlucky)
        done = write_gradebook(course)
    assert done.written == 2
    assert f"bob {NAME} could not be entered, everybody else was: KeyError" in done.said[-1]
    assert scores(course) == {"ada": 9.0, "bob": None, "cleo": 9.0}
    assert write_gradebook(course).written == 1
