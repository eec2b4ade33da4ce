"""What only a person can say: the open questions as a small table, and the answers, remembered for the term.

``open-questions.csv`` in the course's folder is filled in with any editor or spreadsheet; ``.mtl-grade/matches.json``
keeps what was answered under what will name the same person next time.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.files import PRIVATE, write_atomically
from autograder.grading.roster import MAX_BYTES, separator_of, text_of
from autograder.results import UsageError

FILE = "open-questions.csv"
COLUMNS = ("file", "student", "assignment", "why", "suggestions")


@dataclass(frozen=True)
class Question:
    """One file that found no place.

    Attributes
    ----------
    file : str
        The download's name and the path in it, as they are shown.
    student, assignment : str
        What is known already; the instructor fills in the blank, several ids as ``ada;bob``, ``-`` to leave it out.
    why : str
    suggestions : str
    """

    file: str
    student: str = ""
    assignment: str = ""
    why: str = ""
    suggestions: str = ""


def read(path: Path) -> list[Question]:
    """The table as it is now, whatever program saved it; empty where there is none.

    Raises
    ------
    UsageError
        If it has no columns ``file`` and ``student``, or is no table.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return []
    text = text_of(data)
    if len(data) > MAX_BYTES or "\0" in text:
        raise UsageError(f"{path} is no table of open questions: it is too large or not text. Save it as CSV (UTF-8).")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text)))
    except csv.Error as why:
        raise UsageError(f"{path} cannot be read as a table: {why}. Save it as CSV (UTF-8).") from None
    if not rows:
        return []
    head = [name.strip().casefold() for name in rows[0]]
    if not {"file", "student"} <= set(head):
        raise UsageError(f"{path} needs the columns {', '.join(COLUMNS)} in its first line.")
    found = []
    for row in rows[1:]:
        cells = {name: _plain(cell) for name, cell in zip(head, row, strict=False) if name in COLUMNS}
        if cells.get("file"):
            found.append(Question(**cells))
    return found


def write(path: Path, questions: Iterable[Question]) -> None:
    """Write the table for a spreadsheet; without questions there is no file."""
    questions = list(questions)
    if not questions:
        path.unlink(missing_ok=True)
        return
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for question in questions:
            writer.writerow([_harmless(getattr(question, name)) for name in COLUMNS])
        write_atomically(path, text.getvalue().encode("utf-8-sig", "replace"), mode=PRIVATE)


def label(file: str) -> str:
    """A file's name in the table as it is compared: without what a spreadsheet may have changed in it."""
    return "".join(one for one in unicodedata.normalize("NFKD", file).casefold() if one.isascii() and one.isalnum())


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "'") else cell


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r", "'") else cell


@dataclass
class Remembered:
    """What was answered, for the term.

    Attributes
    ----------
    students : dict of str to list of str
        Ids by key; ``["-"]`` for a file that is left out.
    assignments : dict of str to str
        Problem sets by the sha256 of a file.
    """

    students: dict[str, list[str]] = field(default_factory=dict)
    assignments: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Remembered:
        """From ``matches.json``.

        Raises
        ------
        UsageError
            If it is there and cannot be read: what it knew must not be lost silently.
        """
        try:
            found = json.loads(path.read_bytes())
            students = {str(key): [str(one) for one in ids] for key, ids in found["students"].items()}
            return cls(students, {str(key): str(name) for key, name in found["assignments"].items()})
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise UsageError(f"{path} is damaged: put it back from a backup, or delete it to be asked again.") from None

    def write(self, path: Path) -> None:
        data: Mapping[str, object] = {"students": self.students, "assignments": self.assignments}
        text = json.dumps(data, ensure_ascii=True, indent=1, sort_keys=True) + "\n"
        write_atomically(path, text.encode(), mode=PRIVATE)
