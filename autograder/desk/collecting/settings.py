"""What a course says about collecting: which attempt counts, its time zone, and when its problem sets were due.

The first two are lines of ``nbgrader_config.py``, which is read as text and never run here::

    c.MtlGrade.keep = "last"  # or "first", or "best"
    c.MtlGrade.timezone = "Europe/Berlin"
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.desk.collecting.attempts import KEEP
from autograder.grading.settings import written
from autograder.results import UsageError


@dataclass(frozen=True)
class Settings:
    """How a course collects.

    Attributes
    ----------
    keep : {"last", "first", "best"}
    zone : ZoneInfo or None
        The course's clock; None for this machine's.
    """

    keep: str = "last"
    zone: ZoneInfo | None = None

    @classmethod
    def of(cls, config: Path, keep: str = "", timezone: str = "") -> Settings:
        """From a course's configuration; what is given here goes before it.

        Raises
        ------
        UsageError
            If a value is none of those that there are.
        """
        texts = {name: value for name, value in written(config).items() if isinstance(value, str)}
        keep = keep or texts.get("keep", "") or "last"
        timezone = timezone or texts.get("timezone", "")
        if keep not in KEEP:
            raise UsageError(f"--keep must be {', '.join(KEEP[:-1])} or {KEEP[-1]}; got {keep!r}.")
        return cls(keep, zone_of(timezone) if timezone else None)

    def utc(self, local: datetime | None) -> datetime | None:
        """A time on the course's clock in UTC."""
        if local is None:
            return None
        try:
            return local.replace(tzinfo=self.zone).astimezone(UTC) if self.zone else local.astimezone(UTC)
        except (OverflowError, OSError, ValueError):
            return None


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise UsageError(f"--timezone must be a name such as Europe/Berlin or UTC; got {name[:60]!r}.") from None


def due_dates(course: Path) -> Mapping[str, datetime]:
    """When problem sets are due, UTC, as nbgrader's gradebook says; empty where it says nothing."""
    found = {}
    path = course / "gradebook.db"
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db,
    ):
        for name, due in db.execute("SELECT name, duedate FROM assignment WHERE duedate IS NOT NULL"):
            with contextlib.suppress(ValueError, TypeError):
                found[name] = datetime.fromisoformat(due).replace(tzinfo=UTC)
    return found
