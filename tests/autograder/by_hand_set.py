"""A course whose one problem set is worked out by hand, with Ada and Bob on its roster."""

import json

from autograder.exercises import load
from autograder.grading.course import Course
from tests.autograder.grading.small_set import cell, notebook

SET = "ps05_by_hand"
NAME = "source_exercise_1"
PERSONAL = "c.MtlGrade.personal_numbers = True\n"
SOURCE = (
    cell("# By hand", "intro", "markdown", locked=True),
    cell(load(NAME).statement, f"about-{NAME}", "markdown", locked=True),
    cell("total_loss = ...", NAME, solution=True, grade=False, locked=False),
    cell(f"check('{NAME}', total_loss)", f"check-{NAME}", grade=True, locked=True, solution=False, points=2),
)


def course_by_hand(folder, personal=True):
    """A new course; with ``personal`` everybody has numbers of their own."""
    place = folder / "built" / SET
    place.mkdir(parents=True)
    (place / f"{SET}.ipynb").write_text(json.dumps(notebook(*SOURCE)))
    course = Course.create(folder / "course", "test", folder / "built")
    course.roster_path.write_text("id,first_name,email\nada,Ada,ada@e.org\nbob,=Bob,\n")
    if personal:
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + PERSONAL)
    return course


def right_for(student):
    """The right total for one student's numbers; of nobody, for the published ones."""
    return next(iter(load(NAME).for_student(student).alternatives.values()))()


def hand_in(course, student, total):
    """Hand in a notebook with this total; give back the submission."""
    submission = course.submission(student, SET)
    submission.folder.mkdir(parents=True, exist_ok=True)
    made = notebook(*SOURCE[:2], {**SOURCE[2], "source": f"total_loss = {total!r}"}, SOURCE[3])
    (submission.folder / f"{SET}.ipynb").write_text(json.dumps(made))
    return submission
