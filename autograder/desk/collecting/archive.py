"""Walking a folder or a zip, and the zips in it: what lies there, by its path, and why something is not taken.

A path is only text here: nothing is ever unpacked to where it says. A zip in a zip is a folder of its name. Links,
devices and pipes are neither followed nor opened.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.desk.collecting.zips import MAX_ENTRIES, BrokenZip, Member, Zip
from autograder.grading.assignment import MAX_BYTES
from autograder.results import UsageError

MAX_FILES = 20_000  # that are read; what nobody handed in (a virtual environment, `.git`) does not count
MAX_TOTAL = 4 * 2**30
MAX_INNER = 512 * 2**20
# Of one zip in another or in a folder of a folder, which one person may have packed: no more, so that the others are
# read as well.
MAX_INNER_FILES, MAX_INNER_TOTAL, MAX_INNER_LISTED = 4_000, 2**30, 20_000
MAX_DEPTH = 3  # a download, a student's zip in it, and the zip that the student packed twice
MAX_PATH = 1_000
MAX_FOLDERS = 50  # in one path: each part of it is looked at
IN_MEMORY = 16 * 2**20

OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".gz", ".xz", ".zst")
MADE_BY_PROGRAMS = {
    "__MACOSX",
    "__pycache__",
    ".git",
    ".github",
    ".idea",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".tox",
    ".venv",
    ".vscode",
    "$RECYCLE.BIN",
    "node_modules",
    "site-packages",
    "venv",
}
MADE_BY_SYSTEMS = {".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "pyvenv.cfg"}


@dataclass(frozen=True)
class Entry:
    """One file that was found.

    Attributes
    ----------
    path : str
        Its parts joined by ``/``, composed Unicode; a zip on the way is a part like a folder.
    refused : str
        Why it is not read; empty if it may be.
    local, utc : datetime or None
        When it was last written: as the clock on the wall said, or with its zone; at most one is there.
    zips : tuple of (int, datetime or None, datetime or None)
        The zips that it lies in, the outermost first: how many parts of the path lead to it, and its own time.
    read : callable
        Its bytes; raises :class:`BrokenZip` or OSError where they cannot be had.
    """

    path: str
    refused: str = ""
    local: datetime | None = None
    utc: datetime | None = None
    zips: tuple[tuple[int, datetime | None, datetime | None], ...] = ()
    read: Callable[[], bytes] = field(default=lambda: b"", repr=False, compare=False)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass
class Budget:
    """How much may still be read and named, over all of one source or of one zip in it."""

    files: int = field(default_factory=lambda: MAX_FILES)
    total: int = field(default_factory=lambda: MAX_TOTAL)
    listed: int = MAX_ENTRIES
    above: Budget | None = None

    @classmethod
    def within(cls, above: Budget) -> Budget:
        """That of a zip in another one: what it takes is taken from the other's as well."""
        return above if above.above else cls(MAX_INNER_FILES, MAX_INNER_TOTAL, MAX_INNER_LISTED, above)

    def take(self, files: int, size: int) -> bool:
        """Take so much of it, if so much is there."""
        if self.files < files or self.total < size or (self.above and not self.above.take(files, size)):
            return False
        self.files -= files
        self.total -= size
        return True

    @property
    def said(self) -> str:
        """Why something is no longer read."""
        if self.above:
            limits = f"{MAX_INNER_FILES} files, {MAX_INNER_TOTAL >> 30} GiB"
            return f"more than is read of one archive in another ({limits}): unpack it"
        return f"more than is read at once ({MAX_FILES} files, {MAX_TOTAL >> 30} GiB): collect in parts"


def visible(text: str) -> str:
    r"""A path as it is shown: control and direction characters by their number.

    >>> visible("a\x1b[31m\u202egpj")
    'a\\x1b[31m\\u202egpj'
    """
    odd = {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    return text.translate({ord(one): _number(ord(one)) for one in odd})


def _number(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def walk(source: Path) -> Iterator[Entry]:
    """Every file of a folder or a zip archive, each by itself.

    What no person handed in (copies of editors and systems, version control, environments) comes with its reason too,
    so that it can be counted.

    Raises
    ------
    UsageError
        If ``source`` is neither, or is damaged as a whole.
    """
    name = source.name.casefold()
    if source.is_dir():
        yield from _in_folder(source, Budget())
    elif not source.exists():
        raise UsageError(f"There is no {source}; give a zip archive, a learning platform's download, or a folder.")
    elif not source.is_file():
        raise UsageError(f"{source} is neither a folder nor a zip archive.")
    elif name.endswith((".ipynb", ".py")):
        yield from _one_file(source)
    elif name.endswith(OTHER_ARCHIVES):
        raise UsageError(f"{source} is packed in a way that is not read here: unpack it and give the folder.")
    else:
        try:
            with source.open("rb") as file:
                yield from _in_zip(Zip(file), "", 1, Budget())
        except BrokenZip as why:
            raise UsageError(f"{source} is neither a folder nor a zip archive that can be read: {why}.") from None


def nobodys(path: str) -> str:
    """Why a file is nobody's answer: a program or the system made it; empty if a person may have."""
    parts = PurePosixPath(path).parts
    if any(part in MADE_BY_PROGRAMS for part in parts[:-1]):
        return "copies and caches that programs made"
    name = parts[-1] if parts else ""
    if name.startswith((".", "~$")) or name.casefold() in MADE_BY_SYSTEMS:
        return "files of the system"
    return ""


def _plain(path: str) -> tuple[str, str]:
    """A path with ``/``, and why it is refused."""
    path = unicodedata.normalize("NFC", path.replace("\\", "/"))
    parts = path.split("/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in parts or "\0" in path:
        return path, "a path that leads out of the folder"
    if len(path) > MAX_PATH:
        return path[:MAX_PATH], "a path of more than 1000 characters"
    if path.count("/") > MAX_FOLDERS:
        return path, f"a path of more than {MAX_FOLDERS} folders"
    return "/".join(part for part in parts if part not in ("", ".")), ""


# ---- folders -----------------------------------------------------------------------------------------------------


def _one_file(path: Path) -> Iterator[Entry]:
    yield from _file(path, path.name, Budget())


def _in_folder(root: Path, budget: Budget) -> Iterator[Entry]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        for name in sorted(folders):
            inner = here / name
            if inner.is_symlink():
                yield Entry(_relative(inner, root), "a link, not a folder")
                folders.remove(name)
            elif name in MADE_BY_PROGRAMS or (inner / "pyvenv.cfg").is_file():
                yield Entry(f"{_relative(inner, root)}/…", "copies and caches that programs made")
                folders.remove(name)
        folders.sort()
        for name in sorted(files):
            yield from _file(here / name, _relative(here / name, root), budget)


def _relative(path: Path, root: Path) -> str:
    text = os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace")
    return unicodedata.normalize("NFC", text)


def _file(path: Path, name: str, budget: Budget) -> Iterator[Entry]:
    if nobodys(name):
        yield Entry(name, nobodys(name))
        return
    try:
        status = path.lstat()
    except OSError as error:
        yield Entry(name, f"it cannot be read ({error.strerror})")
        return
    if stat.S_ISLNK(status.st_mode):
        yield Entry(name, "a link, not a file")
    elif not stat.S_ISREG(status.st_mode):
        yield Entry(name, "a link or a device, not a file")
    elif name.casefold().endswith(".zip"):
        yield from _zip_in_folder(path, name, budget)
    else:
        refused = _spend(budget, status.st_size, name)
        yield Entry(name, refused, None, _moment(status.st_mtime), read=lambda: read_file(path))


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _zip_in_folder(path: Path, name: str, budget: Budget) -> Iterator[Entry]:
    if "/" in name:  # further up it may be the download of a class
        budget = Budget.within(budget)
    try:
        with open_file(path) as file:
            written = _moment(os.fstat(file.fileno()).st_mtime)
            yield from _in_zip(Zip(file), f"{name}/", 1, budget, ((name.count("/") + 1, None, written),))
    except BrokenZip as why:
        yield Entry(name, f"the archive is damaged: {why}")
    except OSError as error:
        yield Entry(name, f"it cannot be read ({error.strerror})")


def open_file(path: Path) -> BinaryIO:
    """A file to read that is really one: no link is followed and no pipe waited for.

    Raises
    ------
    OSError
        If it is anything else.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(22, "it is no file", str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_file(path: Path, most: int = MAX_BYTES) -> bytes:
    """The bytes of a file; of one larger than ``most``, one byte more than that."""
    with open_file(path) as file:
        return file.read(most + 1)


# ---- zips --------------------------------------------------------------------------------------------------------


_Zips = tuple[tuple[int, datetime | None, datetime | None], ...]


def _in_zip(archive: Zip, above: str, depth: int, budget: Budget, zips: _Zips = ()) -> Iterator[Entry]:
    members = iter(archive)
    while True:
        try:
            member = next(members, None)
        except BrokenZip as why:
            yield Entry(f"{above}…" if above else "the archive", str(why))
            return
        if member is None:
            return
        if not member.is_folder and not nobodys(_plain(member.name)[0]):
            budget.listed -= 1
        if budget.listed < 0:
            yield Entry(f"{above}…", budget.said)
            return
        if not member.is_folder:
            yield from _in_member(archive, member, above, depth, budget, zips)


def _in_member(archive: Zip, member: Member, above: str, depth: int, budget: Budget, zips: _Zips) -> Iterator[Entry]:
    path, refused = _plain(member.name)
    path = above + path
    refused = refused or nobodys(path) or member.refusal
    local = None if member.utc else member.local
    if refused:
        yield Entry(path, refused)
    elif path.casefold().endswith(".zip"):
        zips = (*zips, (path.count("/") + 1, local, member.utc))
        yield from _inner(archive, member, path, depth, budget, zips)
    else:
        refused = _spend(budget, member.size, path)
        yield Entry(path, refused, local, member.utc, zips, lambda: archive.read(member, MAX_BYTES))


def _inner(archive: Zip, member: Member, path: str, depth: int, budget: Budget, zips: _Zips) -> Iterator[Entry]:
    """A zip in a zip, unpacked to memory or, if large, to a file without a name."""
    if depth >= MAX_DEPTH:
        yield Entry(path, f"archives in archives, {MAX_DEPTH} deep and more: unpack them and give the folder")
        return
    budget = Budget.within(budget)
    if not budget.take(0, member.size):
        yield Entry(path, budget.said)
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        try:
            for piece in archive.chunks(member, MAX_INNER):
                file.write(piece)
            inner = Zip(file)  # type: ignore[arg-type]
        except BrokenZip as why:
            yield Entry(path, f"the archive is damaged: {why}")
            return
        yield from _in_zip(inner, f"{path}/", depth + 1, budget, zips)


def _spend(budget: Budget, size: int, path: str) -> str:
    """Count a file that will be read; why it is not, where it is too large or too much was read already."""
    if size > MAX_BYTES:
        return f"{size / 2**20:.0f} MiB; at most {MAX_BYTES // 2**20} are read"
    if not path.casefold().endswith((".ipynb", ".py", ".txt", ".json")):
        return ""  # never read
    return "" if budget.take(1, size) else budget.said
