"""The time in a ``timestamp.txt``, whoever wrote it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

LONGEST = 100  # characters
_ZONE = re.compile(r"(.*\d)\s*([A-Za-z][A-Za-z0-9_+/-]{0,40})")
FORMS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%a %b %d %H:%M:%S %Y")


def time_of(text: str) -> datetime | None:
    """The time that a text tells, in UTC; None where it is no date. A time without a zone is in UTC, as for nbgrader.

    >>> time_of("2026-01-10 12:00:00.5 CET")
    datetime.datetime(2026, 1, 10, 11, 0, 0, 500000, tzinfo=datetime.timezone.utc)
    >>> time_of("yesterday")
    """
    text = text.replace("\ufeff", "").strip()
    if not text or len(text) > LONGEST:
        return None
    at, zone = _read(text), None
    if at is None:
        named = _ZONE.fullmatch(text)
        if named:
            at, zone = _read(named[1]), _zone(named[2])
    if at is None:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=zone or UTC)).astimezone(UTC)
    except (OverflowError, ValueError):  # the first and the last day of the calendar
        return None


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
