"""Entered directly or through ``nbgrader autograde``: the same cells, marks and comments, for the whole demo class."""

import json
import shutil

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.desk import demo
from autograder.desk.demo import ASSIGNMENTS, KINDS, make_class
from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.release import config_of, quiet, release
from autograder.grading.course import Course, CourseError
from autograder.grading.grade_class import grade_class

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
SET = ASSIGNMENTS[0]


def in_the_gradebook(course):
    """Every mark and comment, by student and cell."""
    found = {}
    with Gradebook(course.database) as gradebook:
        for handed_in in gradebook.find_assignment(SET).submissions:
            (notebook,) = handed_in.notebooks
            for one in notebook.grades:
                found[handed_in.student.id, one.cell.name] = (
                    one.auto_score,
                    one.manual_score,
                    one.needs_manual_grade,
                    one.max_score,
                )
            for one in notebook.comments:
                found[handed_in.student.id, "comment", one.cell.name] = one.auto_comment
            found[handed_in.student.id, "handed in"] = (handed_in.timestamp, notebook.late_submission_penalty)
    return found


def cells_of_everybody(course):
    """Every cell of every notebook that formgrader shows, by student."""
    found = {}
    for path in sorted((course.root / "autograded").glob(f"*/{SET}/{SET}.ipynb")):
        notebook = json.loads(path.read_text())
        found[path.parent.parent.name] = [
            {**cell, "source": "".join(cell["source"]), "outputs": outputs_of(cell)} for cell in notebook["cells"]
        ]
        found[path.parent.parent.name, "metadata"] = notebook["metadata"]
    return found


def outputs_of(cell):
    def joined(value):
        return "".join(value) if isinstance(value, list) else value

    return [
        {
            key: {kind: joined(text) for kind, text in value.items()} if key == "data" else joined(value)
            for key, value in output.items()
        }
        for output in cell.get("outputs", [])
    ]


def autograde(course, student):
    """What ``nbgrader autograde`` does for one student."""
    config = config_of(course)
    config.CourseDirectory.assignment_id, config.CourseDirectory.student_id = SET, student
    config.Autograde.force = True
    with quiet():
        Autograde(coursedir=CourseDirectory(config=config), config=config).start()


def test_both_roads_lead_to_the_same_marks_comments_and_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "ASSIGNMENTS", (SET,))
    course = Course.create(tmp_path / "course", "demo")
    release(course, [SET])
    who = make_class(course, len(KINDS))
    late = course.root / "submitted" / "student001" / SET / "timestamp.txt"
    late.write_text("2026-01-10 13:00:00 UTC")
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_assignment(SET, duedate="2026-01-10 12:00:00")
    grade_class(course, jobs=2)
    theirs = Course.open(shutil.copytree(course.root, tmp_path / "by nbgrader"))
    assert write_gradebook(course).written == len(who)
    unreadable = []
    for student in who:
        try:
            autograde(theirs, student)
        except CourseError:
            unreadable.append(student)
    assert [who[student].name for student in unreadable] == ["not a notebook"]  # nbgrader gives up on it; we do not
    of_others = {key: value for key, value in in_the_gradebook(course).items() if key[0] not in unreadable}
    by_nbgrader = {key: value for key, value in in_the_gradebook(theirs).items() if key[0] not in unreadable}
    assert of_others == by_nbgrader
    assert of_others["student001", "handed in"][1] > 0
    ours = cells_of_everybody(course)
    assert ours.pop(unreadable[0])[0]["source"].startswith("This could not be read: ")
    ours.pop((unreadable[0], "metadata"))
    assert ours == cells_of_everybody(theirs)
