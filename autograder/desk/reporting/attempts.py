"""Attempts and minutes, where a student handed in the progress that `mtl-teach export` writes.

It lies beside the notebook: ``submitted/<student>/<assignment>/progress.json``. Nothing of it decides a mark, and
nothing but three numbers of each exercise is read: it is a stranger's file.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grading import folder
from autograder.lenient_json import loads

FILE = "progress.json"
FORMAT = "mtl-teach progress"
MAX_BYTES = 4 * 2**20
MOST = 1_000_000  # attempts or minutes that anybody can have


@dataclass(frozen=True)
class Attempts:
    """How those came to a first pass whose progress is there.

    Attributes
    ----------
    students : int
        How many handed in progress on the exercise.
    passed : int
        How many of them passed it at home.
    attempts, minutes : float or None
        Medians over those who passed; minutes are those of work on it in all.
    most_attempts : int
    """

    students: int
    passed: int
    attempts: float | None
    minutes: float | None
    most_attempts: int


@dataclass(frozen=True)
class Row:
    """What one progress file says of one exercise."""

    attempts: int
    minutes: float
    passed: bool


def attempts_of(rows: Sequence[Row]) -> Attempts | None:
    """What the progress files say of one exercise; None where none speaks of it."""
    if not rows:
        return None
    passed = [row for row in rows if row.passed]
    return Attempts(
        students=len(rows),
        passed=len(passed),
        attempts=statistics.median(row.attempts for row in passed) if passed else None,
        minutes=round(statistics.median(row.minutes for row in passed), 1) if passed else None,
        most_attempts=max(row.attempts for row in rows),
    )


def read_progress(root: Path, student: str, assignment: str) -> dict[str, Row]:
    """What the progress file beside a submission says, by exercise; nothing where there is none that can be read.

    Parameters
    ----------
    root : Path
        The folder of all submissions.
    student, assignment : str
    """
    try:
        data = loads(folder.read(root, student, assignment, FILE, most=MAX_BYTES))
    except (folder.NotTaken, ValueError):
        return {}
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("exercise"), list):
        return {}
    return dict(_rows(data["exercise"]))


def _rows(rows: list[Any]) -> Iterator[tuple[str, Row]]:
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get("id"), str):
            attempts, minutes = _number(row.get("attempts")), _number(row.get("minutes"))
            if minutes is not None and attempts is not None and attempts >= 1:
                yield row["id"], Row(int(attempts), minutes, isinstance(row.get("first_pass"), str))


def _number(value: Any) -> float | None:
    """A number that can be one of these; None for anything else."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= MOST else None
