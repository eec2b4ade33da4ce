"""What of a record the gradebook has: noted in the gradebook's own file, so that it is lost and restored with it.

nbgrader's tables have no room for it; a table of ours stands beside them, which nbgrader never looks at. For every
submission it holds what its marks came from (so that nothing is entered twice, and a change can be explained) and a
digest of what each mark is about (so that a mark that a person gave is reopened only if that has changed).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import text

from autograder.gradebook.cells import Judgement
from autograder.grading.course import ZERO

_TABLE = text(
    "CREATE TABLE IF NOT EXISTS mtl_entered (student TEXT NOT NULL, assignment TEXT NOT NULL, source TEXT NOT NULL, "
    "bases TEXT NOT NULL, PRIMARY KEY (student, assignment))"
)
_THERE = text("SELECT 1 FROM sqlite_master WHERE name = 'mtl_entered'")
_WRITE = text(
    "INSERT INTO mtl_entered (student, assignment, source, bases) VALUES (:student, :assignment, :source, :bases) "
    "ON CONFLICT (student, assignment) DO UPDATE SET source = excluded.source, bases = excluded.bases"
)
_READ = text("SELECT student, assignment, source, bases FROM mtl_entered")
_BASES = text("SELECT bases FROM mtl_entered WHERE student = :student AND assignment = :assignment")


@dataclass(frozen=True)
class Source:
    """What the marks of a submission came from; another one is entered anew.

    Attributes
    ----------
    key : str
        The record's.
    timestamp : str
        When it was handed in, as it stands in the folder.
    decision : str
        What an instructor decided of it; empty where nobody had to.
    points : str
        A hash of the cells' points.
    review : bool
        Whether something of it waits for a person beside what always does.
    told : str
        A hash of what the course says of its answers; empty where it says nothing.
    notebook : str
        A hash of what was handed in.
    """

    key: str
    timestamp: str
    decision: str
    points: str
    review: bool = False
    told: str = ""
    notebook: str = field(default="", compare=False)  # the key says as much; this tells a new attempt from new checks


@dataclass(frozen=True)
class Entry:
    """One row of the table."""

    source: Source | None = None
    bases: Mapping[str, str] = field(default_factory=dict)


def prepare(gradebook: Gradebook) -> None:
    """Make the table where it is missing; where it is there, a transaction that is under way goes on."""
    if gradebook.db.execute(_THERE).first() is None:
        gradebook.db.execute(_TABLE)
        gradebook.db.commit()


def entries(gradebook: Gradebook) -> dict[tuple[str, str], Entry]:
    """All rows, by student and assignment."""
    prepare(gradebook)
    found = {}
    for student, assignment, source, bases in gradebook.db.execute(_READ):
        parts = json.loads(source)
        found[student, assignment] = Entry(Source(**parts) if parts else None, json.loads(bases))
    return found


def note(gradebook: Gradebook, student: str, assignment: str, source: Source | None, judgement: Judgement) -> None:
    """Note what was entered, in the transaction that enters it; without a source it is entered once more."""
    gradebook.db.execute(
        _WRITE,
        {
            "student": student,
            "assignment": assignment,
            "source": json.dumps(vars(source) if source else {}),
            "bases": json.dumps({name: judged.basis for name, judged in judgement.grades.items()}),
        },
    )


def bases_of(gradebook: Gradebook, student: str, assignment: str) -> dict[str, str]:
    """What the marks in the gradebook are about, by cell."""
    prepare(gradebook)
    row = gradebook.db.execute(_BASES, {"student": student, "assignment": assignment}).first()
    return json.loads(row[0]) if row else {}


def apply(notebook: Any, judgement: Judgement, before: Mapping[str, str]) -> None:
    """Tell the gradebook of a notebook's marks and comments.

    A mark that a person gave stays. It is to be looked at again only where what it is about has changed.

    Parameters
    ----------
    notebook : nbgrader.api.SubmittedNotebook
    judgement : Judgement
    before : mapping
        What the marks that are there are about, from :func:`bases_of`.
    """
    for grade in notebook.grades:
        judged = judgement.grades[grade.cell.name]
        grade.auto_score = judged.score
        if grade.manual_score is None:
            grade.needs_manual_grade = judged.score is None
        else:
            grade.needs_manual_grade = before.get(grade.cell.name) != judged.basis
    for comment in notebook.comments:
        comment.auto_comment = judgement.comments.get(comment.cell.name)


def zero_in(decision: Mapping[str, str] | None) -> str | None:
    """Why an instructor gave nothing for what waited; None where nobody did."""
    return decision["reason"] if decision and decision["decision"] == ZERO else None


def digest(data: Any) -> str:
    """A short hash of plain data."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
