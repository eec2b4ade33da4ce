"""The marks of single cells in the gradebook: one exercise or one written answer each."""

from __future__ import annotations

from collections.abc import Collection

from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment

from autograder.gradebook.marks import counted, grades_of
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
    columns = (SubmittedAssignment.student_id, Assignment.name.label("assignment"), BaseCell.name.label("cell"))
    query = grades_of(*columns, assignments=assignments).join(BaseCell, BaseCell.id == Grade.cell_id)
    found: Cells = {}
    with gradebook_of(course) as gradebook:
        for row in gradebook.db.execute(query):
            cells = found.setdefault((row.student_id, row.assignment), {})
            cells[row.cell.removeprefix("check-")] = None if row.needs_manual_grade else counted(row)
    return found
