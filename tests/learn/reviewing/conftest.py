"""A learner's progress with something in it that went wrong, and a clock that can be moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from autograder.results import CheckResult, ExerciseResult, Verdict
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing import cards, schedule
from mtl_teach.learn.workspace.places import PROGRESS

ASKED = {
    "question": "What is the *total*?",
    "options": ["1.25", "2.5", "4.25"],
    "answer": "2.5",
    "guess": "4.25",
    "confidence": "sure",
}


@pytest.fixture
def progress(workspace: Path) -> Progress:
    return Progress(workspace / PROGRESS)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], date]:
    """Move the clock to so many days from now; give back the date."""
    first = date.today()

    def move(days: int) -> date:
        monkeypatch.setattr(schedule, "today", lambda: first + timedelta(days=days))
        return first + timedelta(days=days)

    move(0)
    return move


def result(exercise: str, misconception: str) -> ExerciseResult:
    """A run of an exercise's checks that shows a known mistake; with an empty name one that passes."""
    verdict, points = (Verdict.FAILED, 0.0) if misconception else (Verdict.PASSED, 1.0)
    check = CheckResult("test_value", verdict, points, 1.0, "The value is right.", misconception=misconception)
    return ExerciseResult(exercise, exercise, "05_missing_labels", (check,))


def learner(progress: Progress) -> None:
    """One question missed, one prediction misjudged, one known mistake made in an exercise that is passed."""
    cards.missed(progress, "05", ["total"])
    cards.misjudged(progress, "01-total", ASKED)
    progress.record_check(result("masked_mean", "divides_by_batch_size"))
    progress.record_check(result("masked_mean", ""))
