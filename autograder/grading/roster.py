"""Who is in the class: ``roster.csv`` in a course's folder, the one place that decides who exists.

It is a table that people read and edit: one row a person, columns by name in any order, unknown ones kept. Platforms'
own numbers stand beside the person, so that a file can be given to a row and to nobody else: ``canvas`` (Canvas's user
id), ``sis``, ``blackboard``, ``brightspace``, ``github``, and ``moodle:<problem set>`` for Moodle's participant number,
which is another one for every assignment.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.files import PRIVATE, write_atomically
from autograder.results import UsageError
from autograder.visible import clean

OWN_COLUMNS = ("id", "first_name", "last_name", "email", "login")
MAX_BYTES = 16 * 2**20
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")  # the last one reads anything
_FORMULAS = ("=", "+", "-", "@")
# An id names a folder and stands in nbgrader's paths and in the exchange's `user+assignment+time`.
STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


class RosterError(UsageError):
    """Something in roster.csv is not as it should be; the message names the line and the repair."""


@dataclass(frozen=True)
class Person:
    """One row of the roster.

    Attributes
    ----------
    id : str
        The name of their folder in ``submitted/`` and in the gradebook. Text: leading zeros are kept.
    first_name, last_name, email, login : str
        Empty where they are not known.
    more : Mapping of str to str
        The other columns, empty ones left out: platforms' own ids, and whatever the instructor keeps there.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    login: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name, else the id."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True)
class Roster:
    """The class, in the order of the file.

    Attributes
    ----------
    people : tuple of Person
    columns : tuple of str
        The file's columns in their order, so that writing it again moves none.
    """

    people: tuple[Person, ...] = ()
    columns: tuple[str, ...] = OWN_COLUMNS

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people)

    def __len__(self) -> int:
        return len(self.people)

    def get(self, student: str) -> Person | None:
        """The person of this id, or None."""
        return next((person for person in self.people if person.id == student), None)

    @classmethod
    def of(cls, people: Iterable[Person], columns: Iterable[str] = OWN_COLUMNS) -> Roster:
        """A roster of these people, with a column for everything that is known of them."""
        people = tuple(people)
        wanted = dict.fromkeys(columns) | dict.fromkeys(OWN_COLUMNS)
        for person in people:
            wanted |= dict.fromkeys(person.more)
        return cls(people, tuple(wanted))

    @classmethod
    def read(cls, path: Path) -> Roster:
        """From ``roster.csv``; an empty roster where there is no file.

        Comma, semicolon or tab, UTF-8 (with or without a byte order mark) or cp1252, as a spreadsheet saves it.

        Raises
        ------
        RosterError
            If it has no ``id`` column, or a row whose id is missing, cannot name a folder, or stands there twice.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls()
        if len(data) > MAX_BYTES:
            raise RosterError(f"{path} has {len(data)} bytes; a roster has at most {MAX_BYTES}.")
        rows = list(_rows(text_of(data)))
        if not rows:
            return cls()
        head = [name.strip() for name in rows[0]]
        columns = [name.casefold() if name.casefold() in OWN_COLUMNS else name for name in head]
        if "id" not in columns:
            raise RosterError(f"{path} needs a column `id` in its first line; it has {', '.join(head)[:200]}.")
        doubled = {name for name in columns if name and columns.count(name) > 1}
        if doubled:
            raise RosterError(f"{path} has the column {sorted(doubled)[0]!r} twice; rename one.")
        people: list[Person] = []
        seen: dict[str, int] = {}
        for number, row in enumerate(rows[1:], 2):
            cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False) if name}
            if not any(cells.values()):
                continue
            who = cells.get("id", "")
            if not STUDENT.fullmatch(who):
                said = repr(who) if who else "nothing"
                raise RosterError(
                    f"{path}, line {number}: an id is 1 to 64 letters, digits, `.`, `_`, `@` or `-` "
                    f"and begins with a letter or digit; got {said}."
                )
            if who.casefold() in seen:
                raise RosterError(
                    f"{path}, line {number}: the id {who!r} stands in line {seen[who.casefold()]} too; "
                    "one person has one row."
                )
            seen[who.casefold()] = number
            own = {name: _plain(cells.pop(name, "")) for name in OWN_COLUMNS}
            people.append(Person(**own, more={name: cell for name, cell in cells.items() if cell}))
        return cls(tuple(people), tuple(filter(None, columns)))

    def write(self, path: Path) -> None:
        """Write it so that it is there whole or not at all; comma, UTF-8."""
        with io.StringIO(newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(self.columns)
            for person in self.people:
                known = {name: _harmless(getattr(person, name)) for name in OWN_COLUMNS} | dict(person.more)
                writer.writerow([known.get(name, "") for name in self.columns])
            write_atomically(path, text.getvalue().encode(), mode=PRIVATE)


def _harmless(cell: str) -> str:
    """What people call themselves on a platform, so that no spreadsheet takes it for a formula."""
    cell = clean(cell)
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def _plain(cell: str) -> str:
    """What :func:`_harmless` made of a cell, as it was, and with everything visible."""
    return clean(cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell)


def text_of(data: bytes) -> str:
    """The text of a CSV file, whatever saved it: UTF-8, UTF-16 with its mark, else cp1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 reads any bytes")


def separator_of(text: str) -> str:
    """Comma, semicolon or tab: the one that the first line has most of outside quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").partition("\n")[0])
    return max(",;\t", key=lambda mark: (first.count(mark), mark == ","))


def _rows(text: str) -> Iterator[list[str]]:
    if "\0" in text:
        raise RosterError("roster.csv is not a table in text: it holds NUL bytes; save it as CSV (UTF-8).")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    except csv.Error as why:
        raise RosterError(f"roster.csv cannot be read as a table: {why}.") from None
