"""The review in sentences: what is due, when the next cards come, and how well the learner knows what they know."""

from __future__ import annotations

from datetime import date, timedelta

from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing import cards, schedule

ELSEWHERE = "This one was answered in another window meanwhile; that answer counts."
CONFIDENCE = ("just a guess", "fairly sure", "sure")  # what `predict` asks, from little to much
_SAID = dict(zip(CONFIDENCE, ("that you called just a guess", "that you were fairly sure of", "that you were sure of")))


def due_line(progress: Progress) -> str:
    """What the home page says of the review, in one calm line; empty where nothing is due."""
    day = cards.of_today(progress, schedule.today())
    return f"{opening(day)}." if day.cards else ""


def opening(day: cards.Today) -> str:
    """How much is due, in words: ``3 things to look at again, about 2 minutes``."""
    return f"{_count(len(day.cards), 'thing')} to look at again, about {_count(day.minutes, 'minute')}"


def remarks(day: cards.Today, on: date) -> list[str]:
    """What else there is to say of a day: what waits, when the next cards come, and what cannot be asked."""
    said = []
    if day.later:
        said.append(f"{_count(day.later, 'thing')} more can wait for another day: a few a day are enough.")
    elif not day.cards:
        said.append("Nothing to look at again today.")
    if not day.cards and (next_day := on + timedelta(days=1) if day.later else day.next_day):
        said.append(f"Come back {when(next_day, on)}.")
    if day.gone:
        said.append(
            f"{_count(day.gone, 'card')} cannot be asked: this version of the course no longer has the question, "
            "or what was saved is damaged. Nothing is deleted."
        )
    return said


def ending(right: int, out_of: int) -> str:
    """What is said after the last card."""
    missed = "" if right == out_of else " What was not right comes back tomorrow."
    return f"Done for today: {right} of {out_of} right.{missed}"


def when(day: date, on: date) -> str:
    """A day in words, as somebody says it on another.

    >>> when(date(2026, 5, 2), date(2026, 5, 1)), when(date(2026, 5, 4), date(2026, 5, 1))
    ('tomorrow', 'on Monday 4 May')
    """
    return "tomorrow" if day == on + timedelta(days=1) else f"on {day:%A} {day.day} {day:%B}"


def calibration(progress: Progress) -> list[str]:
    """For each step of confidence that was used: of how many predictions, and how many of them were right."""
    judged = [row for row in progress.predictions().values() if row["answer"]]
    said = []
    for step in reversed(CONFIDENCE):
        right = [row["guess"] == row["answer"] for row in judged if row["confidence"] == step]
        if right:
            were = "was" if 1 in (len(right), sum(right)) else "were"
            said.append(f"Of {_count(len(right), 'prediction')} {_SAID[step]}, {sum(right) or 'none'} {were} right.")
    return said


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
