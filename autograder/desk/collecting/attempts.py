"""Every attempt is kept, with its time; one of them counts and lies in ``submitted/``.

``.mtl-grade/attempts/<problem set>/<student>/<time>-<sha8>/`` holds the file as it was handed in and ``attempt.json``;
``timestamp.txt`` beside those folders is what was last written to ``submitted/``, so that a person's edit is known as
one. Whatever lies in ``submitted/`` and is no attempt yet was put or edited there by a person: it becomes an attempt of
its own before anything takes its place.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.desk.collecting.archive import read_file
from autograder.desk.collecting.layouts import STAMP
from autograder.files import PRIVATE, write_atomically
from autograder.grading.course import Course
from autograder.grading.times import time_of
from autograder.results import UsageError

KEEP = ("last", "first", "best")
ENDINGS = (".ipynb", ".py")
BY_HAND = "put or edited by hand"
SURE = ("platform", STAMP)  # where a time comes from that is the handing in's, not a file's
MAX_KEPT = 2**30
_TIMES = ("time", "not_after")


class CannotPlace(UsageError):
    """Nothing may be written there; the message says why."""


@dataclass(frozen=True)
class Attempt:
    """One version of one person's answer.

    Attributes
    ----------
    file : str
        Its name in ``submitted/``: the problem set's, with ``.ipynb`` or ``.py``.
    sha256 : str
    time : datetime or None
        When it was handed in, UTC.
    time_from : str
        "platform", "timestamp.txt", "archive" or "folder" (the file's own time there), "" if nobody knows.
    late : bool
        The platform said so.
    source, original : str
        The download and the path in it.
    platform : str
    not_after : datetime or None
        Handed in then at the latest, whatever ``time`` says: the platform knows that it was not late.
    """

    file: str
    sha256: str
    time: datetime | None = None
    time_from: str = ""
    late: bool = False
    source: str = ""
    original: str = ""
    platform: str = ""
    not_after: datetime | None = None

    @property
    def order(self) -> datetime:
        """By which attempts are sorted; one whose time nobody knows is the oldest."""
        return self.time or datetime.min.replace(tzinfo=UTC)

    @property
    def folder(self) -> str:
        when = f"{self.time:%Y%m%dT%H%M%SZ}" if self.time else "unknown"
        return f"{when}-{self.sha256[:8]}"

    def to_json(self) -> bytes:
        times = {name: getattr(self, name) for name in _TIMES}
        data = {**vars(self), **{name: time.isoformat() if time else None for name, time in times.items()}}
        return (json.dumps(data, ensure_ascii=True, indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes) -> Attempt | None:
        """As it was written; None for what is no attempt."""
        try:
            found = json.loads(data)
            known: dict[str, Any] = {name: found[name] for name in cls.__dataclass_fields__}
            for name in _TIMES:
                known[name] = datetime.fromisoformat(known[name]).astimezone(UTC) if known[name] else None
            return cls(**known) if all(isinstance(known[name], str) for name in ("file", "sha256")) else None
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None


@dataclass(frozen=True)
class Placed:
    """What became of a new attempt.

    Attributes
    ----------
    status : str
        "placed", "replaced" (an older one was there), "already here" or "kept" (another one counts).
    counts : Attempt
        The one in ``submitted/`` now.
    time : datetime or None
        When that one was handed in, as ``timestamp.txt`` says it.
    """

    status: str
    counts: Attempt
    time: datetime | None


class Attempts:
    """All attempts of one person for one problem set.

    Parameters
    ----------
    course : Course
    student, assignment : str
    """

    def __init__(self, course: Course, student: str, assignment: str) -> None:
        self.assignment = assignment
        self.kept = course.private / "attempts" / assignment / student
        self.place = course.submission(student, assignment).folder

    def all(self) -> list[Attempt]:
        """Oldest first."""
        found = []
        for path in sorted(self.kept.glob("*/attempt.json")):
            with contextlib.suppress(OSError):
                attempt = Attempt.from_json(read_file(path))
                if attempt and (path.parent / attempt.file).is_file():
                    found.append(attempt)
        return sorted(found, key=lambda attempt: (attempt.order, attempt.sha256))

    def add(
        self, attempt: Attempt, data: bytes, keep: str, points: Callable[[Attempt, Path], float] | None = None
    ) -> Placed:
        """Keep an attempt and see to it that the one that counts lies in ``submitted/``.

        Parameters
        ----------
        attempt : Attempt
        data : bytes
        keep : {"last", "first", "best"}
        points : callable, optional
            The points of an attempt in its folder: needed for the best one.

        Raises
        ------
        CannotPlace
            If the place is a link.
        """
        if any(path.is_symlink() for path in (self.place.parent, self.place, *self._files(), self.place / STAMP)):
            raise CannotPlace(f"{self.place} is a link or holds one: nothing is written through links")
        self._keep_what_is_there()
        before = self._there()
        attempts = self.all()
        if not _is_known(attempt, attempts):
            self._write(attempt, data)
            attempts = self.all()
            new = True
        else:
            new = False
        earned: dict[str, float] = {}
        if keep == "best" and points is not None and len(attempts) > 1:
            earned = {one.folder: points(one, self.kept / one.folder) for one in attempts}
        counts, time = which_counts(attempts, keep, earned)
        changed = self._put(counts, time)
        if changed:
            status = "replaced" if before else "placed"
        else:
            status = "kept" if new and counts.folder != attempt.folder else "already here"
        return Placed(status, counts, time)

    # ---- what lies where ---------------------------------------------------------------------------------------

    def _files(self) -> list[Path]:
        return [self.place / f"{self.assignment}{ending}" for ending in ENDINGS]

    def _there(self) -> Path | None:
        """The file that grading takes now: the notebook, else the Python file."""
        return next((path for path in self._files() if path.is_file()), None)

    def _stamp(self) -> str:
        try:
            return read_file(self.place / STAMP, 1000).decode("utf-8", "replace")
        except OSError:
            return ""

    def _keep_what_is_there(self) -> None:
        """Make an attempt of a file that a person put there, or edited since."""
        path = self._there()
        if path is None:
            return
        data = read_file(path, MAX_KEPT)
        sha256 = hashlib.sha256(data).hexdigest()
        attempts = self.all()
        if any(attempt.sha256 == sha256 for attempt in attempts):
            return
        time: datetime | None = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        time_from = "folder"
        noted = time_of(self._stamp())
        if noted and not attempts:  # the exchange's, not one of ours
            time, time_from = noted, STAMP
        self._write(Attempt(path.name, sha256, time, time_from, source=BY_HAND, original=path.name), data)

    def _write(self, attempt: Attempt, data: bytes) -> None:
        folder = self.kept / attempt.folder
        write_atomically(folder / attempt.file, data, mode=PRIVATE)
        write_atomically(folder / "attempt.json", attempt.to_json(), mode=PRIVATE)  # last: now it is whole

    def _put(self, attempt: Attempt, time: datetime | None) -> bool:
        """Put the attempt that counts in its place; True where that changed what is graded."""
        there = self._there()
        sha256 = hashlib.sha256(read_file(there, MAX_KEPT)).hexdigest() if there else ""
        changed = sha256 != attempt.sha256 or there is None or there.name != attempt.file
        if changed:
            data = read_file(self.kept / attempt.folder / attempt.file, MAX_KEPT)
            write_atomically(self.place / attempt.file, data, mode=PRIVATE)
            for other in self._files():
                if other.name != attempt.file and other.is_file():
                    self._keep_other(other)
                    other.unlink()
        if attempt.source == BY_HAND and not changed:
            return False  # whoever edited it did not hand it in anew: its time stays
        there_now, ours = self._stamp().strip(), self._noted()
        text = f"{time:%Y-%m-%d %H:%M:%S.%f} UTC" if time else ""
        if not changed and ours and there_now != ours:
            return False  # a person changed the time, for an extension
        if text and text != there_now:
            write_atomically(self.place / STAMP, text.encode(), mode=PRIVATE)
        elif not text and changed:
            (self.place / STAMP).unlink(missing_ok=True)  # it was another attempt's
        if text and text != ours:
            write_atomically(self.kept / STAMP, text.encode(), mode=PRIVATE)
        return changed

    def _noted(self) -> str:
        """The time that was last written beside the notebook by collecting."""
        try:
            return read_file(self.kept / STAMP, 1000).decode("utf-8", "replace").strip()
        except OSError:
            return ""

    def _keep_other(self, path: Path) -> None:
        data = read_file(path, MAX_KEPT)
        sha256 = hashlib.sha256(data).hexdigest()
        if not any(attempt.sha256 == sha256 for attempt in self.all()):
            time = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            self._write(Attempt(path.name, sha256, time, "folder", source=BY_HAND, original=path.name), data)


def _is_known(attempt: Attempt, attempts: Iterable[Attempt]) -> bool:
    """True for the same content at the same time, or where that was already the newest one then.

    An archive may hold the time of its download in place of the handing in, so that the same file comes back with
    another time; one that was handed in again after something else is a new attempt.
    """
    attempts = list(attempts)
    if any(one.sha256 == attempt.sha256 and one.time == attempt.time for one in attempts):
        return True
    before = [one for one in attempts if one.order <= attempt.order]
    sure = attempt.time_from in SURE and before and before[-1].time_from in SURE
    return bool(before and before[-1].sha256 == attempt.sha256 and not sure)


def which_counts(
    attempts: Iterable[Attempt], keep: str, earned: Mapping[str, float] | None = None
) -> tuple[Attempt, datetime | None]:
    """The attempt that counts, and when it was handed in: the earliest time at which it was there already.

    ``earned`` has the points of each attempt by its folder; of two best ones the later counts.
    """
    attempts = sorted(attempts, key=lambda attempt: (attempt.order, attempt.sha256))
    edited = [attempt for attempt in attempts if attempt.source == BY_HAND]
    counts = attempts[-1]
    if keep == "first":
        counts = (edited or attempts)[-1 if edited else 0]  # a repair counts, whoever was first
    elif keep == "best" and earned:
        counts = max(attempts, key=lambda one: (earned[one.folder], one.order, one.sha256))
    time = counts.time
    for earlier in reversed(attempts[: attempts.index(counts)]):
        if counts.time_from in SURE or earlier.sha256 != counts.sha256:
            break
        time = earlier.time or time
    return counts, min(time, counts.not_after) if time and counts.not_after else time
