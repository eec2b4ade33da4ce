"""Everything that can be checked, by name: the exercises, and the questions of the quick tests."""

from __future__ import annotations

import functools

from autograder import exercises
from autograder.exercises import Exercise
from autograder.quizzes import question


@functools.cache
def load(name: str) -> Exercise:
    """Read one exercise, or one question of a quick test.

    Raises
    ------
    UnknownExercise
        If there is none of this name; the message suggests the nearest.
    """
    return question.load(name) if question.is_quick(name) else exercises.load(name)
