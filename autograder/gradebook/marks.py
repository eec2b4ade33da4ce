"""The marks in the gradebook, one row for everybody in the class and every assignment that somebody handed in."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nbgrader.api import Assignment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select

from autograder.gradebook.entered import entries
from autograder.gradebook.given import given_back
from autograder.gradebook.penalties import Penalties, seconds_late
from autograder.gradebook.people import class_of
from autograder.gradebook.release import gradebook_of
from autograder.grading.course import Course

GRADED, NEEDS_MARKING, FOR_REVIEW = "graded", "needs marking", "for review"
NOT_HANDED_IN, NOT_GRADED_YET = "not handed in", "not graded yet"
STATES = (GRADED, NEEDS_MARKING, FOR_REVIEW, NOT_GRADED_YET, NOT_HANDED_IN)


@dataclass(frozen=True)
class Mark:
    """What one submission has in the gradebook.

    Attributes
    ----------
    raw : float
        The sum of its cells' scores, those that wait counted as 0.
    waits : bool
        Whether a person still has to give a score.
    penalty : float
        What being late costs by today's policy.
    seconds_late : float
        By its due date and extension of today.
    """

    raw: float
    waits: bool
    penalty: float = 0.0
    seconds_late: float = 0.0

    @property
    def score(self) -> float | None:
        """What counts; None while a person has to decide."""
        return None if self.waits else rounded(max(0.0, self.raw - self.penalty))


def rounded(score: float) -> float:
    """A sum of points without the noise that adding them in one order or another leaves in its last digits.

    >>> rounded(9.0 + 13.0 + 6.0 + 1.06)
    29.06
    """
    return round(score, 9)


def counted(grade: Any) -> float | None:
    """What counts of a grade of nbgrader's: a person's score wins, and extra credit comes on top; None without one."""
    score = grade.auto_score if grade.manual_score is None else grade.manual_score
    return None if score is None else float(score + (grade.extra_credit or 0.0))


def mark_of(grades: Iterable[Any]) -> Mark:
    """The mark that grades of nbgrader's add up to."""
    raw, waits = 0.0, False
    for grade in grades:
        raw += counted(grade) or 0.0
        waits = waits or bool(grade.needs_manual_grade)
    return Mark(rounded(raw), waits)


def marks_in(
    gradebook: Gradebook,
    penalties: Penalties,
    told: Mapping[tuple[str, str], float],
    assignments: Collection[str] = (),
) -> dict[tuple[str, str], Mark]:
    """The marks of all submissions in a gradebook, by student and assignment.

    Being late costs what the policy, due date and extension of today say, except where the mark that is entered was
    ``told`` already: that one moves only with ``mtl-grade run --yes``, and until then it is the one that counts.
    """
    found: dict[tuple[str, str], list[Any]] = {}
    late: dict[tuple[str, str], float] = {}
    entered: dict[tuple[str, str], dict[str, float]] = {}
    query = grades_of(
        SubmittedAssignment.student_id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
        Assignment.name,
        Assignment.duedate,
        SubmittedNotebook.late_submission_penalty,
        assignments=assignments,
    )
    for row in gradebook.db.execute(query):
        key = (row.student_id, row.name)
        late[key] = seconds_late(row.timestamp, row.duedate, row.extension)
        found.setdefault(key, []).append(row)
        entered.setdefault(key, {})[row.notebook_id] = row.late_submission_penalty or 0.0
    marks = {}
    for key, grades in found.items():
        mark = mark_of(grades)
        penalty = penalties.of(key[0], mark.raw, late[key]) or 0.0
        now = replace(mark, penalty=penalty, seconds_late=late[key])
        before = replace(now, penalty=sum(entered[key].values()))
        marks[key] = before if key in told and told[key] == before.score else now
    return marks


def grades_of(*columns: Any, assignments: Collection[str] = ()) -> Any:
    """A query for every grade with its scores and these columns; of all assignments by default."""
    query = (
        select(
            *columns,
            Grade.notebook_id,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .select_from(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
    )
    return query.where(Assignment.name.in_(assignments)) if assignments else query


def marks(course: Course, students: Collection[str] = (), assignments: Collection[str] = ()) -> list[dict[str, Any]]:
    """One row for everybody in the class and every assignment: who handed in nothing has one too.

    Parameters
    ----------
    course : Course
    students, assignments : collection of str
        Only these; by default everybody, and every assignment that somebody handed in.

    Returns
    -------
    list of dict
        ``student, assignment, score, max_score, raw_score, late_penalty, seconds_late, status``. The score is what
        counts, the raw score less what being late costs, see :func:`marks_in`. It is None while a person has to decide
        and where nothing was handed in: an open mark is not a zero.
    """
    folders = {(one.student, one.assignment) for one in course.submissions() if one.assignment in course.assignments}
    with gradebook_of(course) as gradebook:
        known = marks_in(gradebook, Penalties(course), given_back(course), assignments)
        most = {one.name: float(one.max_score) for one in gradebook.assignments}
        noted = entries(gradebook)
    handed_in = {name for _, name in folders | set(known)}
    wanted = [name for name in sorted(most) if (name in assignments if assignments else name in handed_in)]
    people = dict.fromkeys([person.id for person in class_of(course)] + sorted(student for student, _ in known))
    rows = []
    for name in wanted:
        for student in sorted(people):
            if students and student not in students:
                continue
            mark = known.get((student, name))
            entry = noted.get((student, name))
            rows.append(
                {
                    "student": student,
                    "assignment": name,
                    "score": mark.score if mark else None,
                    "max_score": most[name],
                    "raw_score": mark.raw if mark else None,
                    "late_penalty": mark.penalty if mark else None,
                    "seconds_late": mark.seconds_late if mark else None,
                    "status": _status(mark, entry, (student, name) in folders),
                }
            )
    return rows


def due_dates(course: Course) -> dict[str, datetime.datetime | None]:
    """When each assignment of the gradebook is due, in universal time; None where no date is set."""
    with gradebook_of(course) as gradebook:
        return {one.name: one.duedate for one in gradebook.assignments}


def _status(mark: Mark | None, entry: Any, folder: bool) -> str:
    if mark is None:
        return NOT_GRADED_YET if folder else NOT_HANDED_IN
    if not mark.waits:
        return GRADED
    return FOR_REVIEW if entry is not None and entry.source is not None and entry.source.review else NEEDS_MARKING
