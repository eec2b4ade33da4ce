"""What was handed in as the answer to each exercise, as text: for whoever compares, counts or shows answers."""

from __future__ import annotations

from autograder.grading.course import Course
from autograder.grading.intake import answers_in

MAX_ANSWER = 50_000  # characters; our longest right answer has not a tenth of it


def answer_sources(course: Course, student: str, assignment: str) -> dict[str, str]:
    """The code that a student handed in as the answer to each exercise of an assignment.

    Parameters
    ----------
    course : Course
    student, assignment : str

    Returns
    -------
    dict of str to str
        By exercise, in the assignment's order; what was not begun is not there, and nothing is where the file is no
        notebook of this assignment. It is a stranger's text, as it was written: clean or escape it before it is
        shown. Of a longer answer there are the first :data:`MAX_ANSWER` characters.
    """
    asked = course.assignments.get(assignment)
    if asked is None:
        return {}
    handed_in = course.handed_in(course.submission(student, assignment))
    if handed_in.reason or handed_in.notebook is None:
        return {}
    found = answers_in(handed_in.notebook, asked)
    return {name: found[name][:MAX_ANSWER] for name in asked.exercises if name in found}
