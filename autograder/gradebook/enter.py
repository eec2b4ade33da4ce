"""Records into nbgrader's gradebook."""

from __future__ import annotations

import functools

from nbgrader.converters import Autograde
from sqlalchemy.exc import OperationalError

from autograder.files import PRIVATE, write_atomically
from autograder.gradebook.converters import ClassConverter, one_engine
from autograder.gradebook.feedback.write import feedback as feedback  # its name here is older
from autograder.gradebook.release import gradebook_of, release
from autograder.grading.course import Course, CourseError, Submission
from autograder.grading.record import GRADER_ERROR, UNGRADABLE


def write_gradebook(course: Course) -> int:
    """Enter every record that the gradebook does not have yet, through nbgrader; give back how many.

    Raises
    ------
    CourseError
        If another program holds the gradebook: nothing is lost, the next run enters what is missing.
    """
    try:
        with one_engine():
            return _write_gradebook(course)
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        path = course.root / "gradebook.db"
        raise CourseError(
            f"{path} is locked by another program: close it and run again, the records are kept."
        ) from None


def _write_gradebook(course: Course) -> int:
    _released(course)
    converter = functools.cache(lambda assignment: ClassConverter(Autograde, course, assignment))
    written = 0
    for submission in list(course.submissions()):
        record = course.read_record(submission.student, submission.assignment)
        mark = course.private / "written" / submission.assignment / f"{submission.student}.key"
        if record is None:
            continue
        entered = f"{record['key']}\n{submission.timestamp}"
        if mark.exists() and mark.read_text() == entered:
            continue
        if record["status"] == UNGRADABLE:
            _for_review(course, submission, record["reason"])
        else:
            converter(submission.assignment).convert(submission.student)
        if record["status"] != GRADER_ERROR:
            write_atomically(mark, entered.encode(), mode=PRIVATE)
        written += 1
    return written


def _released(course: Course) -> None:
    with gradebook_of(course) as gradebook:
        known = {assignment.name for assignment in gradebook.assignments}
    wanted = {submission.assignment for submission in course.submissions()} & set(course.assignments)
    if wanted - known:
        release(course, sorted(wanted - known))


def _for_review(course: Course, submission: Submission, reason: str) -> None:
    """Enter an ungradable submission: no mark, a request for a person to look, and the reason as a comment."""
    with gradebook_of(course) as gradebook:
        gradebook.update_or_create_student(submission.student)
        handed_in = gradebook.update_or_create_submission(submission.assignment, submission.student)
        for notebook in handed_in.notebooks:
            for grade_ in notebook.grades:
                grade_.auto_score, grade_.needs_manual_grade = None, True
            for comment in notebook.comments:
                comment.auto_comment = f"Not graded automatically: {reason}."
        gradebook.db.commit()
