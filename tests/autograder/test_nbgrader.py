"""nbgrader stays the gradebook: our verdicts go in, repaired cells and manual marks are respected."""

import copy
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.desk import run as grading
from autograder.desk.course import Course
from tests.autograder.conftest import NAME, hand_in, with_answer

pytestmark = pytest.mark.sandbox


def grades_of(course, student):
    with Gradebook(course.database) as gradebook:
        handed_in = gradebook.find_submission(NAME, student)
        return {
            grade.cell.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for notebook in handed_in.notebooks
            for grade in notebook.grades
        }


def comments_of(course, student):
    with Gradebook(course.database) as gradebook:
        handed_in = gradebook.find_submission(NAME, student)
        return {c.cell.name: c.auto_comment or "" for notebook in handed_in.notebooks for c in notebook.comments}


def exported(course, form):
    """The rows of the exported marks below their header."""
    grading.write_marks(course, course.root / "marks.csv", form)
    return (course.root / "marks.csv").read_text().splitlines()[1:]


def nbgrader(course, *arguments):
    """Run the nbgrader command as an instructor would."""
    programs = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [programs / "nbgrader", *arguments], cwd=course.root, env=env, capture_output=True, text=True, timeout=120
    )


def broken(notebook, how):
    """A right submission whose notebook was tampered with."""
    notebook = with_answer(copy.deepcopy(notebook), "right")
    cells = notebook["cells"]
    by_id = {cell["id"]: cell for cell in cells}
    check = by_id["check-masked_mean"]
    if how == "test cell deleted":
        cells.remove(check)
    elif how == "test cell duplicated":
        cells.append({**copy.deepcopy(check), "id": "another"})
    elif how == "answer cell duplicated":
        cells.append({**copy.deepcopy(by_id["masked_mean"]), "id": "another"})
    elif how == "points changed":
        check["metadata"]["nbgrader"]["points"] = 1000
    elif how == "grade flipped":
        check["metadata"]["nbgrader"]["grade"] = False
    elif how == "test cell renamed":
        check["metadata"]["nbgrader"]["grade_id"] = "something-else"
        check["id"] = "something-else"
    elif how == "test cell rewritten":
        check["source"] = "9.0"
    elif how == "all metadata stripped":
        for cell in cells:
            cell["metadata"] = {}
    elif how == "metadata is rubbish":
        check["metadata"]["nbgrader"] = ["no", "dictionary"]
    elif how == "cell turned into text":
        check["cell_type"] = "markdown"
        del check["outputs"], check["execution_count"]
    elif how == "written answer deleted":
        cells.remove(by_id["why-masking"])
    elif how == "set-up deleted":
        cells.remove(by_id["setup"])
    return notebook


TAMPERED = (
    "test cell deleted", "test cell duplicated", "answer cell duplicated", "points changed", "grade flipped",
    "test cell renamed", "test cell rewritten", "all metadata stripped", "metadata is rubbish", "cell turned into text",
    "written answer deleted", "set-up deleted",
)  # fmt: skip


def test_right_partial_and_hostile_answers_get_their_marks_and_disturb_nobody(course, released):
    for student in ("right", "wrong", "exit"):
        hand_in(course, student, with_answer(copy.deepcopy(released), student))
    hand_in(course, "unsolved", released)
    summary = grading.run(course)
    assert (summary.graded, summary.written, summary.for_review) == (4, 4, [])
    got = {
        student: grades_of(course, student)["check-masked_mean"][0]
        for student in ("right", "wrong", "exit", "unsolved")
    }
    assert got == {"right": 9.0, "wrong": 6.0, "exit": 0.0, "unsolved": 0.0}
    assert "NaN * 0 is NaN" in comments_of(course, "wrong")["masked_mean"]
    assert grades_of(course, "right")["why-masking"] == (None, None, True)


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_notebook_is_repaired_and_gets_what_its_answer_is_worth(course, released, how):
    hand_in(course, "tampering", broken(released, how))
    hand_in(course, "honest", with_answer(released, "right"))
    assert grading.run(course).for_review == []
    assert grades_of(course, "tampering")["check-masked_mean"][0] == 9.0
    assert grades_of(course, "honest")["check-masked_mean"][0] == 9.0
    with Gradebook(course.database) as gradebook:
        assert gradebook.find_submission(NAME, "tampering").max_score == 13.0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"cells": [', "not valid JSON"),
        (b"", "not valid JSON"),
        (b"[1, 2]", "not a notebook"),
        (b'{"nbformat": 4, "cells": 7}', "no list of cells"),
        (b'{"nbformat": 2, "cells": []}', "format 3 or 4"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "none of its cells"),
        (b" " * (11 * 2**20), "MiB"),
        (b"[" * 200_000, "not valid JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_graded_goes_to_review_with_the_reason_and_others_are_graded(course, released, data, reason):
    hand_in(course, "odd", data)
    hand_in(course, "honest", with_answer(released, "right"))
    summary = grading.run(course)
    assert [(student, reason in why) for student, _, why in summary.for_review] == [("odd", True)]
    assert grades_of(course, "odd")["check-masked_mean"] == (None, None, True)
    assert reason in comments_of(course, "odd")["masked_mean"]
    assert grades_of(course, "honest")["check-masked_mean"][0] == 9.0


def test_a_missing_notebook_is_for_review_and_never_a_silent_zero(course, released):
    hand_in(course, "renamed", with_answer(released, "right"), name="my solution")
    summary = grading.run(course)
    assert "no notebook named ps05_masks.ipynb" in summary.for_review[0][2]
    assert grades_of(course, "renamed")["check-masked_mean"] == (None, None, True)


def test_an_old_format_notebook_is_read(course, released):
    right = with_answer(released, "right")
    cells = [
        {
            "cell_type": "code",
            "language": "python",
            "metadata": cell["metadata"],
            "input": cell["source"],
            "outputs": [],
        }
        for cell in right["cells"]
        if cell["cell_type"] == "code"
    ]
    hand_in(
        course, "old", {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    )
    grading.run(course)
    assert grades_of(course, "old")["check-masked_mean"][0] == 9.0


def test_a_resubmission_is_graded_afresh_and_does_not_keep_old_marks(course, released):
    hand_in(course, "ada", with_answer(copy.deepcopy(released), "right"))
    grading.run(course)
    worse = with_answer(copy.deepcopy(released), "wrong")
    worse["cells"] = [cell for cell in worse["cells"] if cell["id"] != "check-masked_mean"]
    hand_in(course, "ada", worse)
    assert grading.run(course).graded == 1
    assert grades_of(course, "ada")["check-masked_mean"][0] == 6.0
    hand_in(course, "ada", b"{")
    grading.run(course)
    assert grades_of(course, "ada")["check-masked_mean"] == (None, None, True)


def test_a_manual_score_always_wins(course, released):
    hand_in(course, "ada", with_answer(copy.deepcopy(released), "wrong"))
    grading.run(course)
    with Gradebook(course.database) as gradebook:
        grade = gradebook.find_grade("check-masked_mean", NAME, NAME, "ada")
        grade.manual_score = 8.5
        gradebook.db.commit()
    hand_in(course, "ada", with_answer(copy.deepcopy(released), "right"))
    grading.run(course)
    assert grades_of(course, "ada")["check-masked_mean"] == (9.0, 8.5, True)
    assert [row["score"] for row in grading.marks(course)] == [8.5]


def test_handing_in_late_costs_what_the_course_has_set(course, released):
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-10 12:00:00")
    for student, hour in (("ada", 11), ("bob", 13)):
        hand_in(course, student, with_answer(copy.deepcopy(released), "right"))
        note = course.root / "submitted" / student / NAME / "timestamp.txt"
        note.write_text(f"2026-01-10 {hour}:00:00 UTC")
    grading.run(course)
    columns = ("student", "raw_score", "late_penalty", "score")
    assert [tuple(row[one] for one in columns) for row in grading.marks(course)] == [
        ("ada", 9.0, 0.0, 9.0),
        ("bob", 9.0, 9.0, 0.0),
    ]
    assert grades_of(course, "bob")["check-masked_mean"][0] == 9.0
    assert exported(course, "moodle") == [f"ada,{NAME},9.0", f"bob,{NAME},0.0"]
    assert exported(course, "csv") == [f"ada,{NAME},9.0,13.0,9.0,0.0,True", f"bob,{NAME},0.0,13.0,9.0,9.0,True"]
    note.write_text("2026-01-10 11:30:00 UTC")  # the instructor grants bob an hour and a half
    summary = grading.run(course)
    assert (summary.graded, summary.written) == (0, 1)
    assert [row["score"] for row in grading.marks(course)] == [9.0, 9.0]
    assert exported(course, "moodle") == [f"ada,{NAME},9.0", f"bob,{NAME},9.0"]


def test_grading_again_changes_nothing(course, released):
    hand_in(course, "ada", with_answer(released, "wrong"))
    grading.run(course)
    before = course.record_path("ada", NAME).read_bytes()
    summary = grading.run(course)
    assert (summary.graded, summary.cached, summary.written) == (0, 1, 0)
    assert course.record_path("ada", NAME).read_bytes() == before


def test_feedback_shows_our_messages_and_no_script_of_the_student(course, released):
    nasty = (
        "print('<script>alert(1)</script>')\nprint('\\x1b[31mred')\n"
        + "def masked_mean(values, mask):\n    return (values * mask).sum()"
    )
    hand_in(course, "ada", with_answer(released, nasty))
    grading.run(course)
    assert grading.feedback(course) == 1
    page = (course.root / "feedback" / "ada" / NAME / f"{NAME}.html").read_text()
    assert "<script>alert(1)" not in page
    assert "\x1b" not in page
    assert "checks passed" in page
    assert "def test_value" not in page
    assert "BEGIN SOLUTION" not in page


def test_the_nbgrader_command_gives_the_marks_of_our_run_with_and_without_records(course, released, tmp_path):
    answers = {"ada": "right", "bob": "wrong", "eve": "exit"}
    for student, answer in answers.items():
        hand_in(course, student, with_answer(copy.deepcopy(released), answer))
    done = nbgrader(course, "autograde", NAME)
    assert done.returncode == 0, done.stderr
    by_command = {student: grades_of(course, student) for student in answers}
    out = nbgrader(course, "export", "--to", str(tmp_path / "grades.csv"))
    assert out.returncode == 0, out.stderr
    exported = (tmp_path / "grades.csv").read_text()
    for path in course.private.glob("records/*/*.json"):
        path.unlink()
    grading.run(course)
    assert {student: grades_of(course, student) for student in answers} == by_command
    assert {row["student"]: row["score"] for row in grading.marks(course)} == {"ada": 9.0, "bob": 6.0, "eve": 0.0}
    assert "ada" in exported
    assert ",9.0," in exported


def test_a_failure_of_the_grader_goes_to_review_and_is_tried_again(course, released, monkeypatch):
    hand_in(course, "ada", with_answer(released, "right"))
    record = {
        **grading.failed(course.job(course.submission("ada", NAME), course.layers()), RuntimeError("out of luck")),
    }
    course.write_record(record)
    assert course.current_record(course.submission("ada", NAME)) is None
    summary = grading.run(Course.holding(course.root / "submitted"))
    assert summary.graded == 1
    assert grades_of(course, "ada")["check-masked_mean"][0] == 9.0
