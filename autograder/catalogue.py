"""Everything that can be checked, by name: the exercises, and the questions of the quick tests."""

from __future__ import annotations

import functools
from pathlib import Path

from autograder import exercises
from autograder.exercises import Exercise
from autograder.quizzes import bank, question


@functools.cache
def load(name: str) -> Exercise:
    """Read one exercise, or one question of a quick test.

    Raises
    ------
    UnknownExercise
        If there is none of this name; the message suggests the nearest.
    """
    return question.load(name) if question.is_quick(name) else exercises.load(name)


def files_of(name: str) -> list[Path]:
    """The files that decide what an exercise asks and which answers it takes."""
    if question.is_quick(name):
        return [question.bank_of(name), Path(bank.__file__), Path(question.__file__)]
    return sorted((exercises.HERE / name).glob("*.*"))
