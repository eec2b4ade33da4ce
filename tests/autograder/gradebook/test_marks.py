"""The marks that leave the gradebook: what counts is the score less the penalty, in the columns of each format."""

import errno
import os

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.marks import FORMATS, marks, write_marks
from tests.autograder.conftest import NAME

CHECK = "check-masked_mean"


def enter(course, student, auto, penalty=None, written=None, review=False):
    """Enter one submission as grading leaves it: a score of the check, a mark of the written answer, a penalty."""
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_student(student)
        (notebook,) = gradebook.add_submission(NAME, student).notebooks
        notebook.late_submission_penalty = penalty
        for one in notebook.grades:
            if one.cell.name == CHECK:
                one.auto_score, one.needs_manual_grade = auto, review
            else:
                one.manual_score, one.needs_manual_grade = written, False
        gradebook.db.commit()


@pytest.fixture
def marked(course):
    enter(course, "eve", 3.0, penalty=4.5)
    enter(course, "bob", 9.0, penalty=2.5, written=1.5)
    enter(course, "ada", 9.0, written=4.0)
    enter(course, "dan", None, review=True)
    return course


def by_student(course, column):
    return {row["student"]: row[column] for row in marks(course)}


def test_what_counts_is_the_score_less_the_penalty(marked):
    assert by_student(marked, "raw_score") == {"ada": 13.0, "bob": 10.5, "dan": 0.0, "eve": 3.0}
    assert by_student(marked, "late_penalty") == {"ada": 0.0, "bob": 2.5, "dan": 0.0, "eve": 4.5}
    assert by_student(marked, "score") == {"ada": 13.0, "bob": 8.0, "dan": 0.0, "eve": 0.0}


def test_a_penalty_never_leads_below_zero(marked):
    assert min(by_student(marked, "score").values()) == 0.0


def test_a_row_says_of_how_many_points_and_whether_a_person_must_look(marked):
    assert set(by_student(marked, "max_score").values()) == {13.0}
    assert set(by_student(marked, "assignment").values()) == {NAME}
    assert by_student(marked, "needs_manual_grade") == {"ada": False, "bob": False, "dan": True, "eve": False}


def test_rows_are_in_order_of_assignment_then_student(marked):
    with Gradebook(marked.database) as gradebook:
        gradebook.add_assignment("a_first_one")
        gradebook.add_notebook("a_first_one", "a_first_one")
        gradebook.add_submission("a_first_one", "eve")
    assert [(row["assignment"], row["student"]) for row in marks(marked)] == [
        ("a_first_one", "eve"),
        *((NAME, student) for student in ("ada", "bob", "dan", "eve")),
    ]


def test_an_empty_gradebook_has_no_marks(course):
    assert marks(course) == []


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        (
            "csv",
            [
                "student,assignment,score,max_score,raw_score,late_penalty,needs_manual_grade",
                f"ada,{NAME},13.0,13.0,13.0,0.0,False",
                f"bob,{NAME},8.0,13.0,10.5,2.5,False",
                f"dan,{NAME},0.0,13.0,0.0,0.0,True",
                f"eve,{NAME},0.0,13.0,3.0,4.5,False",
            ],
        ),
        (
            "canvas",
            [
                "ID,Assignment,Points",
                *(f"ada,{NAME},13.0", f"bob,{NAME},8.0", f"dan,{NAME},0.0", f"eve,{NAME},0.0"),
            ],
        ),
        (
            "moodle",
            [
                "ID number,Assignment,Grade",
                *(f"ada,{NAME},13.0", f"bob,{NAME},8.0", f"dan,{NAME},0.0", f"eve,{NAME},0.0"),
            ],
        ),
    ],
)
def test_each_format_has_its_columns_and_the_penalised_score(marked, form, lines):
    path = marked.root / "new folder" / "marks.csv"
    assert write_marks(marked, path, form) == 4
    assert path.read_bytes() == ("\n".join(lines) + "\n").encode()
    assert path.stat().st_mode & 0o777 == 0o600  # nobody else on this machine reads the marks


def test_every_format_is_tried_here():
    assert set(FORMATS) == {"csv", "canvas", "moodle"}


def test_marks_that_cannot_be_written_leave_the_old_file(marked, monkeypatch):
    path = marked.root / "marks.csv"
    path.write_text("old")

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_marks(marked, path, "csv")
    assert path.read_text() == "old"
    assert not list(marked.root.glob(".marks*"))
