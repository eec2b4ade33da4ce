"""What every platform's module offers: its name, how to know its file, who is in it, and how a mark gets into it."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.desk.platforms.sheet import Sheet, number_as, number_in
from autograder.grading.roster import STUDENT, Person

ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)  # what a spreadsheet makes of a long number


@dataclass(frozen=True)
class Listed:
    """A person as one row of a platform's file has them.

    Attributes
    ----------
    row : int
        The row of the sheet.
    keys : Mapping of str to str
        What identifies them, by column of the roster: ``canvas``, ``sis``, ``login``, ``moodle:<set>``, … Text.
    first_name, last_name, email : str
    name : str
        The full name, where the file does not say which part of it is which.
    ids : tuple of str
        What could become the person's id in the roster, best first.
    more : Mapping of str to str
        Other columns worth keeping beside the person.
    """

    row: int
    keys: Mapping[str, str] = field(default_factory=dict)
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    name: str = ""
    ids: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The first of ``ids`` that a roster can have; empty where there is none."""
        return next((one for one in self.ids if STUDENT.fullmatch(one) and not ROUNDED.fullmatch(one)), "")

    @property
    def called(self) -> str:
        """What to call them in a message."""
        known = f"{self.first_name} {self.last_name}".strip() or self.name
        return known or self.id or next(filter(None, self.keys.values()), "") or "somebody without a name"


@dataclass(frozen=True)
class MarkColumn:
    """A column that takes marks.

    Attributes
    ----------
    index : int
    heading : str
        As it stands in the file; the name under which the choice of a problem set is remembered.
    title : str
        What the instructor calls it: the heading without the platform's additions.
    most : float or None
        The most points there, where the file says so for the whole column.
    """

    index: int
    heading: str
    title: str
    most: float | None = None


class Platform(ABC):
    """One kind of file of one platform."""

    name: str  # how `--format` calls it
    says: str  # how messages call the file
    one_assignment = False  # whether its numbers and marks are those of a single problem set
    places: int | None = None  # decimals of a mark; as few as needed where None
    suffix = ".csv"

    @abstractmethod
    def recognises(self, sheet: Sheet) -> bool:
        """Whether the headings are this platform's."""

    @abstractmethod
    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        """Everybody in the file, in its order; test students and rows of no person left out."""

    def columns(self, sheet: Sheet) -> list[MarkColumn]:
        """The columns that take marks."""
        return []

    def most(self, sheet: Sheet, row: int, column: MarkColumn) -> float | None:
        """The most points of one person's cell; None where the file does not say."""
        return column.most

    def refuses(self, sheet: Sheet, row: int, column: MarkColumn) -> str:
        """Why this cell must stay as it is, in words that follow a name; empty where it takes a mark."""
        return ""

    def fill(self, sheet: Sheet, row: int, column: MarkColumn, score: float) -> bool:
        """Put a mark into one cell; False where that number stands there already."""
        held = number_in(sheet.value(row, column.index))
        if held is not None and abs(held - round(score, 2)) < 0.005:
            return False
        sheet.put(row, column.index, number_as(score, self.decimal(sheet), self.places))
        return True

    def decimal(self, sheet: Sheet) -> str:
        return sheet.decimal()

    def minimal(self, people: Sequence[Person], titles: Mapping[str, tuple[str, float]], marks: Marks) -> Minimal:
        """The least that the platform imports.

        Parameters
        ----------
        people : sequence of Person
        titles : Mapping of str to (str, float)
            By problem set: its heading there and its most points.
        marks : Mapping of (str, str) to float
            By student and problem set; who has no mark is not in it.
        """
        raise NotImplementedError(f"{self.says} is only read")


Marks = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Minimal:
    """A new file for a platform, and what to know of it before it is imported."""

    sheet: Sheet
    notes: tuple[str, ...] = ()


# ---- names -----------------------------------------------------------------------------------------------------


def last_first(name: str) -> tuple[str, str]:
    """First and last name of "Last, First"; without a comma the last word is the last name.

    Examples
    --------
    >>> last_first("Müller-Lüdenscheidt, Jürgen"), last_first("Ada King Lovelace"), last_first("Plato")
    (('Jürgen', 'Müller-Lüdenscheidt'), ('Ada King', 'Lovelace'), ('', 'Plato'))
    """
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip()


def plain_name(*names: str) -> str:
    """A name for comparison: its words without accents, case and order."""
    said = unicodedata.normalize("NFKD", " ".join(names).casefold())
    letters = "".join(mark for mark in said if not unicodedata.combining(mark))
    return " ".join(sorted(re.findall(r"\w+", letters)))


def known(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Those pairs that say anything."""
    return {key: value for key, value in pairs if value}
