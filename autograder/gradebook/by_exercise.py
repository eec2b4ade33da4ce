"""The marks of single cells in the gradebook: one exercise or one written answer each."""

from __future__ import annotations

from collections.abc import Collection

from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select

from autograder.gradebook.release import gradebook_of
from autograder.grading.course import Course

Cells = dict[tuple[str, str], dict[str, float | None]]


def cell_marks(course: Course, assignments: Collection[str] = ()) -> Cells:
    """What each graded cell of each submission has, by student and assignment; None while a person has to mark it.

    A cell is called as its exercise is: ``check-masked_mean`` is ``masked_mean``. The penalty for handing in late is
    one of the whole submission and is in none of them.

    Parameters
    ----------
    course : Course
    assignments : collection of str
        Only these; by default all.
    """
    query = (
        select(
            SubmittedAssignment.student_id,
            Assignment.name.label("assignment"),
            BaseCell.name.label("cell"),
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
    )
    found: Cells = {}
    with gradebook_of(course) as gradebook:
        for row in gradebook.db.execute(query.where(Assignment.name.in_(assignments)) if assignments else query):
            score = row.auto_score if row.manual_score is None else row.manual_score
            waits = row.needs_manual_grade or score is None
            cells = found.setdefault((row.student_id, row.assignment), {})
            cells[row.cell.removeprefix("check-")] = None if waits else float(score + (row.extra_credit or 0.0))
    return found
