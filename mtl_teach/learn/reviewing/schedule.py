"""When a card of the review comes back: after 1, 3, 7 and 21 days, then no more; a wrong answer begins anew.

A card is due on a day, not at an hour: what was answered late in the evening is there the next morning. Days are those
of this computer's clock. It is written as noon of that day in universal time, so that a journey moves no card.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

INTERVALS = (1, 3, 7, 21)  # days
DONE = len(INTERVALS)  # the step of a card that was right after the last interval
A_DAY = 8  # cards: about five minutes


def today() -> date:
    """The day by this computer's clock."""
    return datetime.now().date()


def written(day: date) -> str:
    """A day as it is saved.

    >>> day_of(written(date(2026, 3, 29)))
    datetime.date(2026, 3, 29)
    """
    return datetime.combine(day, time(12)).astimezone(UTC).isoformat(timespec="seconds")


def day_of(moment: Any) -> date | None:
    """The day of a time that was saved; None for anything else.

    >>> day_of("yesterday") is None
    True
    """
    try:
        return datetime.fromisoformat(moment).astimezone().date()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def begin(on: date) -> tuple[int, str]:
    """The step of a card that is new, or was answered wrongly, and when it comes back."""
    return 0, written(on + timedelta(days=INTERVALS[0]))


def after(step: int, right: bool, on: date) -> tuple[int, str]:
    """The step of a card after an answer on a day, and when it comes back.

    Parameters
    ----------
    step : int
        How many intervals the card has behind it.
    right : bool
    on : date

    Examples
    --------
    >>> step, due = after(0, True, date(2026, 5, 1))
    >>> step, day_of(due)
    (1, datetime.date(2026, 5, 4))
    """
    if not right:
        return begin(on)
    following = min(step + 1, DONE)
    return following, written(on + timedelta(days=INTERVALS[following] if following < DONE else 0))


def due_day(step: int, due: Any, on: date) -> date | None:
    """The day on which a card comes back; None for one that is done.

    A day that cannot be read, or one further away than the card's interval can lead, as after the clock was set back,
    counts as today: a card comes too early rather than never.
    """
    if step >= DONE:
        return None
    day = day_of(due)
    if day is None or (day - on).days > INTERVALS[step] + 1:  # one more, for who travelled
        return on
    return day
