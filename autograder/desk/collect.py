"""From a zip, a learning platform's download or a folder into ``submitted/<student>/<problem set>/``.

Nothing of an archive is believed: paths are only read for names, links and devices are refused, sizes are capped
before anything is unpacked, and only notebooks are taken, so that no ``torch.py`` can lie beside one.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.files import PRIVATE, write_atomically
from autograder.grading.assignment import MAX_BYTES
from autograder.grading.course import Course
from autograder.results import UsageError

MAX_FILES = 20_000
MAX_TOTAL = 4 * 2**30
STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass
class Collected:
    """What was placed, and what was not, with the reason."""

    placed: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Found:
    """One file of an archive or folder: its path as text, its bytes when asked for, or why it is refused."""

    path: str
    read: object
    refused: str = ""


def collect(course: Course, source: Path, assignment: str = "") -> Collected:
    """Place every notebook of ``source`` that names a student and a problem set.

    A path may name them in any of these ways: ``<student>/<set>/<set>.ipynb`` (nbgrader, a folder),
    ``<student>_…_<set>.ipynb`` (Canvas), ``<Full Name>_<number>_assignsubmission_file_/<set>.ipynb`` (Moodle: the
    number is the student).

    Parameters
    ----------
    course : Course
    source : Path
        A zip archive or a folder.
    assignment : str, optional
        The problem set of every notebook, for downloads whose names do not say it.

    Raises
    ------
    UsageError
        If ``source`` is neither, or ``assignment`` is no problem set of the course.
    """
    if assignment and assignment not in course.assignments:
        raise UsageError(f"--assignment must be one of {', '.join(course.assignments)}; got {assignment!r}.")
    out = Collected()
    for found in _files(source):
        if found.refused:
            out.refused.append((found.path, found.refused))
            continue
        student, name, why = _place(found.path, course, assignment)
        if why:
            out.refused.append((found.path, why))
            continue
        target = course.root / "submitted" / student / name / f"{name}.ipynb"
        if (student, name) in out.placed:
            out.refused.append((found.path, f"a second notebook of {student} for {name}; the first one was taken"))
            continue
        write_atomically(target, found.read(), mode=PRIVATE)  # type: ignore[operator]
        out.placed.append((student, name))
    return out


def _files(source: Path) -> Iterator[_Found]:
    if source.is_dir():
        yield from _in_folder(source)
    elif source.is_file() and zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            yield from _in_zip(archive)
    else:
        raise UsageError(f"{source} is neither a folder nor a zip archive.")


def _in_folder(source: Path) -> Iterator[_Found]:
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_symlink():
            yield _Found(name, None, "a link, not a file")
        elif path.is_file():
            why = _refusal(name, path.stat().st_size)
            yield _Found(name, path.read_bytes, why)


def _in_zip(archive: zipfile.ZipFile) -> Iterator[_Found]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise UsageError(f"the archive holds too much: {len(entries)} files; at most {MAX_FILES} and 4 GiB are read.")
    for entry in entries:
        if entry.is_dir():
            continue
        mode = entry.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            yield _Found(entry.filename, None, "a link or a device, not a file")
            continue
        yield _Found(
            entry.filename, lambda entry=entry: _unpack(archive, entry), _refusal(entry.filename, entry.file_size)
        )


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        return file.read(MAX_BYTES + 1)  # an entry that lies about its size is still cut here


def _refusal(name: str, size: int) -> str:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "a path that leads out of the folder"
    if any(part in (".ipynb_checkpoints", "__MACOSX") for part in parts):
        return "not handed in: a copy that the editor or the system made"
    if not name.endswith(".ipynb"):
        return "not a notebook: only notebooks are taken"
    if size > MAX_BYTES:
        return f"{size / 2**20:.0f} MiB; at most {MAX_BYTES // 2**20} are read"
    return ""


def _place(path: str, course: Course, assignment: str) -> tuple[str, str, str]:
    """The student and problem set that a path names, or why it names none."""
    pure = PurePosixPath(path.replace("\\", "/"))
    names = [name for name in course.assignments if name in (*pure.parts, pure.stem) or pure.stem.endswith(f"_{name}")]
    name = assignment or (names[0] if names else "")
    if not name:
        return "", "", "its path names no problem set of this course"
    student = _student(pure, name)
    if not STUDENT.fullmatch(student):
        return "", "", f"its path names no student, or one with characters that file names cannot hold ({student!r})"
    return student, name, ""


def _student(path: PurePosixPath, assignment: str) -> str:
    for part in path.parts[:-1]:
        if moodle := re.search(r"_(\d+)_assignsubmission", part):
            return moodle[1]
    folders = [part for part in path.parts[:-1] if part not in (assignment, "submitted")]
    if folders:
        return folders[-1]
    return path.stem.split("_")[0] if path.stem != assignment else ""
