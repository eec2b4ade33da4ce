"""Marks that a person gives to written answers, read and written as nbgrader's formgrader does.

A mark is a grade's manual score, a comment stands beside it, and nothing else of nbgrader's is touched. Which lines of
a mark scheme were met is noted in a table of ours in the same file, since nbgrader has no room for it.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from autograder.gradebook.entered import Entry, digest, entries, prepare
from autograder.gradebook.release import gradebook_of
from autograder.grading.course import Course, CourseError
from autograder.grading.lock import only_one
from autograder.results import typed

PATIENCE = 2.0  # seconds that a save waits for another command of ours
_TABLE = text(
    "CREATE TABLE IF NOT EXISTS mtl_marked_lines (student TEXT NOT NULL, assignment TEXT NOT NULL, cell TEXT NOT NULL, "
    "score REAL NOT NULL, lines TEXT NOT NULL, PRIMARY KEY (student, assignment, cell))"
)
_THERE = text("SELECT 1 FROM sqlite_master WHERE name = 'mtl_marked_lines'")
_READ = "SELECT student, assignment, cell, score, lines FROM mtl_marked_lines"
_READ_ALL = text(_READ)
_READ_PILE = text(f"{_READ} WHERE assignment = :assignment AND cell = :cell")
_FORGET = text("DELETE FROM mtl_marked_lines WHERE student = :student AND assignment = :assignment AND cell = :cell")
_WRITE = text(
    "INSERT INTO mtl_marked_lines (student, assignment, cell, score, lines) "
    "VALUES (:student, :assignment, :cell, :score, :lines)"
)


@dataclass(frozen=True)
class Mark:
    """What a person gives.

    Attributes
    ----------
    score : float or None
        None takes a mark back.
    comment : str
    lines : tuple of int
        Which lines of the mark scheme were met, from 0.
    waits : bool
        True where it is to be looked at again all the same.
    """

    score: float | None
    comment: str = ""
    lines: tuple[int, ...] = ()
    waits: bool = False


@dataclass(frozen=True)
class Standing:
    """How one written answer stands in the gradebook.

    Attributes
    ----------
    student, name : str
        The id; and the person's name, empty where the gradebook has none.
    most : float
    auto : float or None
        The score without a person: 0 for an answer that was left as it was handed out.
    mark : Mark
    extra : float
        Points beyond, that a person gave in formgrader; they stay.
    about : str
        A digest of what is marked, see :mod:`~autograder.gradebook.entered`; empty where it is not noted.
    """

    student: str
    name: str
    most: float
    auto: float | None
    mark: Mark
    extra: float = 0.0
    about: str = ""

    @property
    def version(self) -> str:
        """A digest that another mark, comment, state or answer has not."""
        return digest([self.auto, self.mark.score, self.extra, self.mark.waits, self.mark.comment, self.about])


class Moved(Exception):
    """The mark is another one than was seen; nothing was written.

    Attributes
    ----------
    now : Standing
    """

    def __init__(self, now: Standing) -> None:
        super().__init__(now)
        self.now = now


@dataclass(frozen=True)
class Piled:
    """How many answers to a question there are, and how many of them are marked."""

    marked: int
    total: int


def piles(course: Course) -> dict[tuple[str, str], Piled]:
    """What the gradebook has of every graded cell, by assignment and cell."""
    found: dict[tuple[str, str], Piled] = {}
    query = (
        select(Assignment.name, BaseCell.name, Grade.needs_manual_grade)
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    )
    with opened(course) as gradebook:
        for assignment, cell, waits in gradebook.db.execute(query):
            before = found.get((assignment, cell), Piled(0, 0))
            found[assignment, cell] = Piled(before.marked + (not waits), before.total + 1)
    return found


def standings(course: Course, assignment: str, cell: str) -> dict[str, Standing]:
    """How every answer to one question stands, by student."""
    with opened(course) as gradebook:
        return _standings(gradebook, assignment, cell)


def looked_at(course: Course, assignment: str) -> set[str]:
    """The students of whose submission the record has to say whether an answer waits for review."""
    with opened(course) as gradebook:
        return {
            student
            for (student, name), entry in entries(gradebook).items()
            if name == assignment and (entry.source is None or entry.source.review)
        }


def save(course: Course, student: str, assignment: str, cell: str, mark: Mark, seen: str) -> Standing:
    """Give a mark, as formgrader gives one.

    Parameters
    ----------
    course : Course
    student, assignment, cell : str
    mark : Mark
    seen : str
        The version of what was there when the marker looked.

    Returns
    -------
    Standing
        As it is now.

    Raises
    ------
    Moved
        If the mark is another one than was seen.
    CourseError
        If another program holds the gradebook or it is gone: nothing was written.
    """
    with one_after_another(course), opened(course) as gradebook:
        prepare(gradebook)
        db = gradebook.db
        db.commit()  # what was asked until now is over
        db.connection().exec_driver_sql("BEGIN IMMEDIATE")  # between reading and writing nobody else writes
        now = _standings(gradebook, assignment, cell, student).get(student)
        if now is None:
            raise CourseError(f"The gradebook no longer has this answer to {cell} of {assignment}; nothing was saved.")
        if now.version != seen:
            raise Moved(now)
        submission = (
            db.query(SubmittedNotebook)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == assignment, SubmittedAssignment.student_id == student)
        )
        for notebook in submission:
            for grade in (one for one in notebook.grades if one.cell.name == cell):
                grade.manual_score = mark.score
                grade.needs_manual_grade = mark.waits or (mark.score is None and grade.auto_score is None)
            for comment in (one for one in notebook.comments if one.cell.name == cell):
                comment.manual_comment = mark.comment or None
        _note_lines(gradebook, {"student": student, "assignment": assignment, "cell": cell}, mark)
        db.commit()
        return _standings(gradebook, assignment, cell, student)[student]


def _note_lines(gradebook: Gradebook, which: dict[str, str], mark: Mark) -> None:
    db = gradebook.db
    db.execute(_TABLE)
    db.execute(_FORGET, which)
    if mark.score is not None and (mark.lines or not mark.score):  # no points: none is met, and that is known too
        db.execute(_WRITE, {**which, "score": mark.score, "lines": json.dumps(mark.lines)})


@contextlib.contextmanager
def opened(course: Course) -> Iterator[Gradebook]:
    """The gradebook that is there; what is wrong with it is one sentence.

    Raises
    ------
    CourseError
        If there is none, it is no database, or another program holds it.
    """
    path = course.gradebook_path
    again = typed("run", course.root)
    if not path.is_file():
        raise CourseError(f"{path} is gone: {again} brings it back from the newest copy and the records.")
    try:
        with gradebook_of(course) as gradebook:
            yield gradebook
    except DatabaseError as error:
        if "locked" in str(error):
            raise CourseError(f"{path} is locked by another program: close it and try again.") from None
        raise CourseError(f"{path} cannot be read or written ({error.orig}): {again} brings it back.") from None


@contextlib.contextmanager
def one_after_another(course: Course) -> Iterator[None]:
    """Hold the course's folder for a moment; a moment of another marker's is waited for, a whole run is not.

    Raises
    ------
    CourseError
        If another command holds it: which, and since when.
    """
    until = time.monotonic() + PATIENCE
    with contextlib.ExitStack() as held:
        while True:
            try:
                held.enter_context(only_one(course, "mark"))
                break
            except CourseError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        yield


def _standings(gradebook: Gradebook, assignment: str, cell: str, student: str = "") -> dict[str, Standing]:
    db = gradebook.db
    comments = _comments(db, assignment, cell)
    lines = lines_noted(db, assignment, cell)
    noted = entries(gradebook)
    query = (
        select(
            Student.id,
            Student.first_name,
            Student.last_name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
            GradeCell.__table__.c.max_score,
        )
        .select_from(Grade)
        .join(GradeCell.__table__, GradeCell.__table__.c.id == Grade.cell_id)
        .join(BaseCell.__table__, BaseCell.__table__.c.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Student, Student.id == SubmittedAssignment.student_id)
        .where(Assignment.name == assignment, BaseCell.__table__.c.name == cell)
    )
    found = {}
    for row in db.execute(query.where(Student.id == student) if student else query):
        mark = Mark(
            score=row.manual_score,
            comment=comments.get(row.id, ""),
            lines=lines.get((row.id, assignment, cell, row.manual_score), ()),
            waits=bool(row.needs_manual_grade),
        )
        name = " ".join(part for part in (row.first_name, row.last_name) if part)
        extra, about = row.extra_credit or 0.0, noted.get((row.id, assignment), Entry()).bases.get(cell, "")
        found[row.id] = Standing(row.id, name, row.max_score, row.auto_score, mark, extra, about)
    return found


def _comments(db: Any, assignment: str, cell: str) -> dict[str, str]:
    query = (
        select(SubmittedAssignment.student_id, Comment.manual_comment)
        .select_from(Comment)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Comment.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment, BaseCell.name == cell, Comment.manual_comment.is_not(None))
    )
    return {row.student_id: row.manual_comment for row in db.execute(query)}


def lines_noted(
    db: Any, assignment: str = "", cell: str = ""
) -> dict[tuple[str, str, str, float | None], tuple[int, ...]]:
    """Which lines of its mark scheme were met, by student, assignment, cell and the score that was given for them.

    A mark that formgrader changed since has another score, and then nothing is noted of it.

    Parameters
    ----------
    db : sqlalchemy.orm.scoped_session
        The gradebook's.
    assignment, cell : str
        Only of this question; by default of all.
    """
    if db.execute(_THERE).first() is None:
        return {}
    rows = db.execute(_READ_PILE, {"assignment": assignment, "cell": cell}) if cell else db.execute(_READ_ALL)
    return {tuple(row[:4]): tuple(json.loads(row[4])) for row in rows}
