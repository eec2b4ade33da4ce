"""Personal numbers: exercises that are worked out by hand with other numbers for each student.

Beside such an exercise lies ``variants.csv``, a row for each set of numbers. That no two known mistakes give the same
value with a row, and none gives a right one, is tested of every row; so a row may be added, and none may change or
move while a class works with it.
"""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent


def plain(student: str) -> str:
    """An id as numbers are drawn from it: people do not mind its capitals and the blanks around it.

    >>> plain(" Ada ")
    'ada'
    """
    return student.strip().casefold()


def numbers_of(exercise: str, student: str, published: Mapping[str, float]) -> dict[str, float]:
    """The numbers of one student: always the same for the same id, on every machine.

    Parameters
    ----------
    exercise, student : str
    published : dict of str to float
        The numbers of everybody else; a row need not have all of them.
    """
    drawn = rows(exercise)
    return {**published, **drawn[number_of(exercise, student) % len(drawn)]}


def number_of(question: str, student: str) -> int:
    """A large whole number that belongs to a student and a question: what is asked is drawn with it."""
    digest = hashlib.sha256(f"{question}\0{plain(student)}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest)


@functools.cache
def rows(exercise: str) -> tuple[dict[str, float], ...]:
    """Every set of numbers of an exercise."""
    with (HERE / exercise / "variants.csv").open(encoding="utf-8", newline="") as file:
        return tuple({name: float(cell) for name, cell in row.items()} for row in csv.DictReader(file))
