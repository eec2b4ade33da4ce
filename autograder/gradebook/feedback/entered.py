"""What the gradebook says of a class, read at once and never written."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from autograder.gradebook.by_hand import lines_noted
from autograder.gradebook.entered import Source, entries, zero_in
from autograder.gradebook.given import given_back
from autograder.gradebook.marks import marks_in
from autograder.gradebook.penalties import Penalties
from autograder.gradebook.release import gradebook_of
from autograder.grading.course import Course, CourseError
from autograder.results import typed


@dataclass(frozen=True)
class Given:
    """The points of one cell.

    Attributes
    ----------
    score : float or None
        None while a person has to decide.
    max_score : float
    extra : float
        Points beyond, that a person gave.
    by_hand : bool
        True where a person gave the score.
    lines : tuple of int or None
        Which lines of its mark scheme a person found met, from 0; None where that is not noted, as by formgrader.
    """

    score: float | None
    max_score: float
    extra: float = 0.0
    by_hand: bool = False
    lines: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Entry:
    """One submission in the gradebook.

    Attributes
    ----------
    name : str
        The person's; empty where the gradebook does not know it.
    handed_in : datetime or None
        In UTC.
    penalty : float
        Points taken off for handing in late.
    given : dict of str to Given
        By cell.
    comments : dict of str to str
        What a person wrote, by cell.
    key : str
        That of the record from which the marks come; empty where that is not known.
    zero : str
        Why a person gave no points for what waited; empty where nobody did.
    """

    name: str
    handed_in: datetime | None
    penalty: float
    given: dict[str, Given] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    key: str = ""
    zero: str = ""


def entries_of(course: Course) -> dict[tuple[str, str], Entry]:
    """Every submission in the gradebook, by student and assignment.

    Raises
    ------
    CourseError
        If there is no gradebook, it is no database, or another program holds it.
    """
    path = course.root / "gradebook.db"
    if not path.is_file():
        raise CourseError(f"There is no {path}: {typed('run', course.root)} writes it from the records.")
    try:
        with gradebook_of(course) as gradebook:
            noted = {who: one.source for who, one in entries(gradebook).items() if one.source is not None}
            counts = marks_in(gradebook, Penalties(course), given_back(course))
            read = _read(gradebook.db, {key: mark.penalty for key, mark in counts.items()})
            return {who: _with_source(entry, noted.get(who)) for who, entry in read.items()}
    except DatabaseError as error:
        if "locked" in str(error):
            raise CourseError(f"{path} is locked by another program: close it and try again.") from None
        raise CourseError(
            f"{path} is no gradebook that can be read ({error.orig}): put a backup in its place, or move it away and "
            f"{typed('run', course.root)} writes it anew from the records."
        ) from None


def _with_source(entry: Entry, source: Source | None) -> Entry:
    """The entry with what its marks came from, and what a person had decided when they were entered."""
    if source is None:
        return entry
    decision = json.loads(source.decision) if source.decision else None
    return replace(entry, key=source.key, zero=zero_in(decision) or "")


def _read(db: Any, penalties: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], Entry]:
    found: dict[str, Entry] = {}
    keys: dict[tuple[str, str], Entry] = {}
    whose: dict[str, tuple[str, str]] = {}
    submissions = select(
        SubmittedAssignment.id,
        Student.id,
        Student.first_name,
        Student.last_name,
        Assignment.name,
        SubmittedAssignment.timestamp,
    ).where(SubmittedAssignment.student_id == Student.id, SubmittedAssignment.assignment_id == Assignment.id)
    for key, student, first, last, assignment, handed_in in db.execute(submissions):
        name = " ".join(part for part in (first, last) if part)
        found[key] = keys[student, assignment] = Entry(name, handed_in, penalties.get((student, assignment), 0.0))
        whose[key] = student, assignment
    most, lines = _most(db), lines_noted(db)
    grades = select(
        SubmittedNotebook.assignment_id,
        BaseCell.id,
        BaseCell.name,
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
        Grade.needs_manual_grade,
    ).where(Grade.notebook_id == SubmittedNotebook.id, Grade.cell_id == BaseCell.id)
    for key, cell, name, auto, manual, extra, waits in db.execute(grades):
        if key in found:
            score = auto if manual is None else manual
            found[key].given[name] = Given(
                None if waits else (score or 0.0) + (extra or 0.0),
                most[cell],
                extra or 0.0,
                manual is not None,
                lines.get((*whose[key], name, manual)),
            )
    comments = select(SubmittedNotebook.assignment_id, BaseCell.name, Comment.manual_comment).where(
        Comment.notebook_id == SubmittedNotebook.id,
        Comment.cell_id == BaseCell.id,
        Comment.manual_comment.is_not(None),
    )
    for key, name, text in db.execute(comments):
        if key in found and text.strip():
            found[key].comments[name] = text
    return keys


def _most(db: Any) -> defaultdict[str, float]:
    """The most points of every cell by its id."""
    most: defaultdict[str, float] = defaultdict(float)
    for kind in (GradeCell, TaskCell):
        table = kind.__table__  # the row of the kind alone, without joining the cell it is a kind of
        most.update(db.execute(select(table.c.id, table.c.max_score)).all())
    return most
