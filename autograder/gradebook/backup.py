"""The gradebook's copies: marks that people gave exist nowhere else, so every run keeps one, ten deep.

A gradebook that was deleted or damaged comes back from the newest copy; one that is older than the last run gets back
the marks that people gave since. What the checks found is in the records, and entered anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.files import PRIVATE, write_atomically
from autograder.gradebook.entered import bases_of
from autograder.grading.course import Course, CourseError

KEPT = 10
_NUMBER = "CREATE TABLE IF NOT EXISTS mtl_run (number INTEGER NOT NULL)"
_MANUAL = """
SELECT submitted_assignment.student_id, assignment.name, base_cell.name,
       grade.manual_score, grade.extra_credit, comment.manual_comment
FROM submitted_notebook
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
JOIN assignment ON assignment.id = submitted_assignment.assignment_id
JOIN base_cell ON base_cell.notebook_id = submitted_notebook.notebook_id
LEFT JOIN grade ON grade.notebook_id = submitted_notebook.id AND grade.cell_id = base_cell.id
LEFT JOIN comment ON comment.notebook_id = submitted_notebook.id AND comment.cell_id = base_cell.id
WHERE grade.manual_score IS NOT NULL OR grade.extra_credit IS NOT NULL OR comment.manual_comment IS NOT NULL
"""


@dataclass(frozen=True)
class ByHand:
    """What a person wrote into the gradebook for one cell, and what it was about then."""

    score: float | None
    extra: float | None
    comment: str | None
    basis: str


@dataclass
class Secured:
    """What was found when the gradebook was looked at.

    Attributes
    ----------
    said : str
        What was wrong and what was done; empty where nothing was.
    by_hand : dict
        Marks to give back once the records are entered: by student, assignment and cell.
    """

    said: str
    by_hand: dict[tuple[str, str, str], ByHand]


def secure(course: Course) -> Secured:
    """Look at the gradebook before it is used: bring back what is missing, then keep a copy of what is there.

    Raises
    ------
    CourseError
        If another program holds it, or there is no room for a copy.
    """
    path, copies = course.gradebook_path, _copies(course)
    newest = copies[-1] if copies else None
    said, by_hand = "", {}
    with _in_a_sentence(path):
        if path.exists() and not _sound(path):
            aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
            os.replace(path, aside)
            said = f"{path} could not be read (it now lies in {aside.name})"
        elif not path.exists() and newest is not None:
            said = f"{path} was gone"
        if said and newest is not None:
            _copy(newest, path)
            said += f": brought back from the copy of {_when(newest)}; what came later is entered from the records."
        elif said:
            said += ": a new one is made from the records; marks given by hand are not in them, and no copy was found."
        elif newest is not None and _number(path) < _noted(course):
            by_hand = _by_hand(newest)
            said = (
                f"{path} is older than the last run: marks given by hand since come from the copy of {_when(newest)}."
            )
        if path.exists() and (newest is None or not _same(path, newest)):
            keep_copy(course)
    return Secured(said, by_hand)


def keep_copy(course: Course) -> None:
    """Keep a copy of the gradebook as it is now, and no more than ten."""
    folder = course.private / "gradebooks"
    folder.mkdir(mode=0o700, exist_ok=True)
    now = time.time_ns()
    name = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now // 10**9))}-{now % 10**9:09}.db"
    latest = _copies(course)
    if latest and latest[-1].name >= name:  # a clock that was set back must not make the newest one the oldest
        name = f"{latest[-1].stem}_1.db"
    with _in_a_sentence(course.gradebook_path):
        _copy(course.gradebook_path, folder / name)
    for old in _copies(course)[:-KEPT]:
        old.unlink(missing_ok=True)


def count_run(course: Course, gradebook: Gradebook) -> None:
    """Count a run in the gradebook and beside it, so that an older gradebook is noticed."""
    number = max(_noted(course), _number(course.gradebook_path)) + 1
    connection = gradebook.db.connection()
    connection.exec_driver_sql(_NUMBER)
    connection.exec_driver_sql("DELETE FROM mtl_run")
    connection.exec_driver_sql(f"INSERT INTO mtl_run (number) VALUES ({number:d})")
    gradebook.db.commit()
    write_atomically(course.private / "gradebooks" / "runs", str(number).encode(), mode=PRIVATE)


def give_back(gradebook: Gradebook, by_hand: dict[tuple[str, str, str], ByHand]) -> int:
    """Give back what people wrote, where the gradebook has nothing of theirs; give back how many marks."""
    count = 0
    for assignment in gradebook.assignments:
        for handed_in in assignment.submissions:
            bases = bases_of(gradebook, handed_in.student.id, assignment.name)
            for notebook in handed_in.notebooks:
                whose = (handed_in.student.id, assignment.name)
                for grade in notebook.grades:
                    old = by_hand.get((*whose, grade.cell.name))
                    if old and grade.manual_score is None and old.score is not None:
                        grade.manual_score, grade.extra_credit = old.score, old.extra
                        grade.needs_manual_grade = bases.get(grade.cell.name) != old.basis
                        count += 1
                for comment in notebook.comments:
                    old = by_hand.get((*whose, comment.cell.name))
                    if old and not comment.manual_comment:
                        comment.manual_comment = old.comment
    gradebook.db.commit()
    return count


# ---- files -----------------------------------------------------------------------------------------------------


def _copies(course: Course) -> list[Path]:
    folder = course.private / "gradebooks"
    return sorted(path for path in folder.iterdir() if path.suffix == ".db") if folder.is_dir() else []


def _when(copy: Path) -> str:
    day, clock = copy.stem.split("-")[:2]
    return f"{day[:4]}-{day[4:6]}-{day[6:]} {clock[:2]}:{clock[2:4]}"


@contextlib.contextmanager
def _in_a_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as why:
        if "locked" in str(why):
            raise CourseError(
                f"{path} is locked by another program: close it and run again, the records are kept."
            ) from None
        raise CourseError(
            f"{path} cannot be copied ({why}): make room or set its permissions, and run again."
        ) from None


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path)


def _copy(source: Path, target: Path) -> None:
    """Through SQLite, so that a write under way is in it whole or not at all; there whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
        with contextlib.closing(_connect(source)) as old, contextlib.closing(_connect(part)) as new:
            old.backup(new)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _sound(path: Path) -> bool:
    """False where the file is no whole database, or has none of nbgrader's tables."""
    try:
        with contextlib.closing(_connect(path)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            return "submitted_assignment" in tables and database.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False


def _same(path: Path, copy: Path) -> bool:
    """True where both hold the same pages; the first page's counters of changes are SQLite's own affair."""
    if path.stat().st_size != copy.stat().st_size:
        return False

    def content(of: Path) -> bytes:
        data = of.read_bytes()
        return data[:24] + data[28:40] + data[44:92] + data[100:]

    return content(path) == content(copy)


def _number(path: Path) -> int:
    with contextlib.closing(_connect(path)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        row = database.execute("SELECT MAX(number) FROM mtl_run").fetchone() if "mtl_run" in tables else None
    return int(row[0]) if row and row[0] is not None else 0


def _noted(course: Course) -> int:
    try:
        return int((course.private / "gradebooks" / "runs").read_text())
    except (OSError, ValueError):
        return 0


def _by_hand(copy: Path) -> dict[tuple[str, str, str], ByHand]:
    found: dict[tuple[str, str, str], ByHand] = {}
    with contextlib.closing(_connect(copy)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        rows = database.execute("SELECT student, assignment, bases FROM mtl_entered") if "mtl_entered" in tables else ()
        bases = {(student, name): json.loads(text) for student, name, text in rows}
        for student, name, cell, score, extra, comment in database.execute(_MANUAL):
            about = bases.get((student, name), {}).get(cell, "")
            old = found.get((student, name, cell), ByHand(None, None, None, about))
            # a written answer is two cells for nbgrader, one with its grade and one with its comment
            found[student, name, cell] = ByHand(
                old.score if score is None else score,
                old.extra if extra is None else extra,
                comment or old.comment,
                about,
            )
    return found
