"""``mtl-grade feedback --zip``: feedback pages as the archive that a platform hands out to its students."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.desk.platforms.feedback import (
    ARCHIVES,
    Sent,
    brightspace_name,
    canvas_name,
    moodle_path,
    page_as_markdown,
)
from autograder.desk.platforms.platform import plain_name
from autograder.files import PRIVATE, NotANotebook, Notebook, read_notebook, write_atomically
from autograder.grading.course import Course
from autograder.grading.roster import Person, Roster
from autograder.results import UsageError, typed

_NAMES: dict[str, Callable[[str], Sent | None]] = {"canvas": canvas_name, "brightspace": brightspace_name}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same pages give the same archive


@dataclass
class Archived:
    """The archive, who is in it, and who is not and why."""

    path: Path
    sent: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def feedback_archive(
    course: Course, form: str, assignment: str, *, to: Path | None = None, like: Path | None = None,
    students: Collection[str] = (),
) -> Archived:  # fmt: skip
    """Pack the feedback pages of one assignment for a platform.

    Parameters
    ----------
    course : Course
    form : str
        One of ``ARCHIVES``.
    assignment : str
    to : Path, optional
        The archive to write; by default ``feedback-<form>-<assignment>.zip`` in the course's folder.
    like : Path, optional
        The platform's own download, whose names are used; by default those that ``collect`` kept.
    students : collection of str
        Only these.

    Raises
    ------
    UsageError
        If there is no such platform or assignment, or no page can be sent.
    """
    if form not in ARCHIVES:
        raise UsageError(f"--zip must be one of {', '.join(ARCHIVES)}; got {form!r}.")
    if assignment not in course.assignments:
        raise UsageError(f"--zip needs one --assignment of {', '.join(course.assignments)}; got {assignment!r}.")
    names = _given_names(like, form) if like else None
    roster = Roster.read(course.roster_path)
    done = Archived(to or course.root / f"feedback-{form}-{assignment}.zip")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, page in _pages(course, assignment):
            if students and student not in students:
                continue
            person = roster.get(student) or Person(student)
            path, why = _path_of(course, form, assignment, person, names, roster)
            if why:
                done.left[student] = why
                continue
            html = page.read_text(encoding="utf-8")
            text = html if form != "canvas" else _as_notebook(course, student, assignment, html)
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), text, zipfile.ZIP_DEFLATED)
            done.sent.append(student)
    if not done.sent:
        whys = "; ".join(f"{student}: {why}" for student, why in list(done.left.items())[:3])
        raise UsageError(
            f"No feedback of {assignment} can be sent: "
            + (whys or f"there are no pages; {typed('feedback', course.root)} writes them")
            + "."
        )
    write_atomically(done.path, packed.getvalue(), mode=PRIVATE)
    return done


def _pages(course: Course, assignment: str) -> Iterator[tuple[str, Path]]:
    for folder in sorted((course.root / "feedback").glob("*")):
        page = folder / assignment / f"{assignment}.html"
        if page.is_file():
            yield folder.name, page


def _given_names(like: Path, form: str) -> list[str]:
    if form == "moodle":
        raise UsageError("--like is not needed for --zip moodle: the participant numbers are in roster.csv.")
    try:
        with zipfile.ZipFile(like) as archive:
            return archive.namelist()
    except zipfile.BadZipFile:
        raise UsageError(f"{like} is no zip archive; give the platform's own download.") from None


def _path_of(
    course: Course, form: str, assignment: str, person: Person, names: list[str] | None, roster: Roster
) -> tuple[str, str]:
    """The page's place in the archive, or why it has none."""
    if form == "moodle":
        number = person.more.get(f"moodle:{assignment}", "")
        if not number:
            read_it = typed("roster", "WORKSHEET", "--assignment", assignment, "--course", course.root)
            return "", f"no participant number: read the worksheet with {read_it}"
        return moodle_path(person.name, number), ""
    read = _NAMES[form]
    if names is None:
        kept = _kept_names(course, person.id, assignment)
        number = person.more.get(form, "")
        fits = [sent for name in kept if (sent := read(name)) and (sent.user == number or not number.isdigit())]
        if not fits:
            return "", _why_not(kept[0], form) if kept else "collect kept no name of a download; give it with --like"
        return fits[0].path, ""
    found = [sent for name in names if (sent := read(name)) and _is(sent, form, person, roster)]
    if not found:
        return "", "nothing in the download is known to be theirs (their number of the platform is not in roster.csv)"
    return found[-1].path, ""


def _why_not(name: str, form: str) -> str:
    """Why nothing can be sent back for what was handed in under this name."""
    own = PurePosixPath(name).name
    if form == "canvas" and re.match(r"(late_)?anon_", own, re.IGNORECASE):
        return "an anonymous download was collected, and Canvas takes no archive for one: give them the page by hand"
    if form == "canvas" and canvas_name(f"{PurePosixPath(own).stem}.ipynb"):
        return f"Canvas gives feedback back under the name of what was handed in, {own!r}: give them the page by hand"
    return f"{name!r} is no name of a {form} download; give the download with --like"


def _is(sent: Sent, form: str, person: Person, roster: Roster) -> bool:
    """Whether a name of the download is this person's: by number; by a unique name where Brightspace lists none."""
    number = person.more.get(form, "")
    if number.isdigit() or form == "canvas":
        return bool(number) and sent.user == number
    same = [each for each in roster if plain_name(each.first_name, each.last_name) == plain_name(sent.called)]
    return [each.id for each in same] == [person.id]


def _kept_names(course: Course, student: str, assignment: str) -> list[str]:
    """The original names of a student's attempts as ``collect`` kept them: the one that counts, then the newest."""
    counts = hashlib.sha256(course.submission(student, assignment).notebook or b"").hexdigest()
    found = []
    for path in (course.private / "attempts" / assignment / student).glob("*/*.json"):
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(about, dict) and isinstance(about.get("original"), str):
            order = (about.get("sha256") == counts, str(about.get("time") or ""), path.parent.name)
            found.append((order, about["original"]))
    return [name for _, name in sorted(found, reverse=True)]


def _as_notebook(course: Course, student: str, assignment: str, html: str) -> str:
    """The student's notebook with what the page says in front; that alone where theirs cannot be read."""
    try:
        theirs = read_notebook(course.submission(student, assignment).notebook or b"")
    except NotANotebook:
        theirs = {"cells": [], "metadata": {}}
    cell = {"cell_type": "markdown", "id": "feedback", "metadata": {}, "source": page_as_markdown(html)}
    cells = [cell, *(_clean(each, number) for number, each in enumerate(theirs["cells"]))]
    metadata = theirs.get("metadata")
    made: Notebook = {
        "cells": cells,
        "metadata": metadata if isinstance(metadata, dict) else {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(made, ensure_ascii=True, indent=1) + "\n"


def _clean(cell: dict[str, Any], number: int) -> dict[str, Any]:
    """A student's cell without its outputs, in the current format."""
    kind = cell.get("cell_type")
    source = cell.get("source", cell.get("input", ""))
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    made: dict[str, Any] = {
        "cell_type": kind if kind in ("code", "raw") else "markdown",
        "id": f"cell-{number}",
        "metadata": {},
        "source": text,
    }
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})
