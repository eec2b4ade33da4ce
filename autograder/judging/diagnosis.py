"""From behaviour to a named misconception: ask the same questions of the answer and of every known wrong one."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from autograder import catalogue, exercises
from autograder.engine.inside.channel import Opaque, Tensor
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import LocalAnswer
from autograder.testing import Answer, Misconception, close_entries, largest_finite

Behaviour = tuple[Any, ...]


def behaviour(exercise: exercises.Exercise, student: Answer) -> Behaviour:
    """What an answer does on every probe, in the form in which it is compared: values, or the kind of error."""
    return tuple(_as_numbers(exercise.behaviour(outcome)) for outcome in student.outcomes(exercise.probes()))


def same_outcome(one: Any, other: Any) -> bool:
    """True for the same kind of error, or for values of one shape that agree to five digits.

    >>> same_outcome([1.0, 2.0], np.array([1.0, 2.0]))
    True
    >>> same_outcome(1.0, [1.0])
    False
    """
    return _same(_as_numbers(one), _as_numbers(other))


def _as_numbers(outcome: Any) -> Any:
    """An outcome in the form in which it is compared, with an array of float64 for whatever is numbers."""
    if isinstance(outcome, dict):
        return {key: _as_numbers(value) for key, value in outcome.items()}
    numbers = None if isinstance(outcome, AnswerError) else _numbers(outcome)
    if numbers is None and _sequence(outcome):
        return [_as_numbers(item) for item in outcome]
    return outcome if numbers is None else numbers


def _same(one: Any, other: Any) -> bool:
    """As :func:`same_outcome`, of outcomes in the form in which they are compared."""
    if isinstance(one, AnswerError) or isinstance(other, AnswerError):
        return isinstance(one, AnswerError) and isinstance(other, AnswerError) and one.tag == other.tag
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return _close(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    if a.shape != b.shape:
        return False
    if a.tobytes() == b.tobytes():
        return True
    if a.size == 1 and math.isfinite(a.item()) and math.isfinite(b.item()):
        return bool(abs(a.item() - b.item()) <= 1e-5 * abs(b.item()) + 1e-6 * max(abs(b.item()), 1e-30))
    return bool(close_entries(a, b, 1e-5, 1e-6 * max(largest_finite(b), 1e-30)).all())


def _sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _numbers(value: Any) -> np.ndarray | None:
    if isinstance(value, Tensor):
        value = value.array
    if value is None or isinstance(value, (str, Opaque, dict)):
        return None
    try:
        array = np.asarray([_numbers(item) for item in value] if _sequence(value) else value)
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except (ValueError, TypeError):  # ragged, or not numbers
        return None


@functools.cache
def known_behaviours(name: str, owner: str = "") -> dict[tuple[str, int], Behaviour]:
    """The behaviour of every member of every misconception of an exercise, worked out once a process.

    ``owner`` is whose numbers the exercise has; empty for the published ones.
    """
    exercise = catalogue.load(name).for_student(owner)
    return {
        (key, place): behaviour(exercise, LocalAnswer.of(exercise, member))
        for key, wrong in exercise.misconceptions.items()
        for place, member in enumerate(wrong.members)
    }


def diagnose(exercise: exercises.Exercise, student: Answer) -> tuple[str, Misconception] | None:
    """The one misconception that behaves exactly like the answer; None where none does, or several do.

    A wrong diagnosis is worse than none, so anything but a single match is silent.
    """
    seen = behaviour(exercise, student)
    matches = [
        key for key, known in known_behaviours(exercise.id, exercise.owner).items() if all(map(_same, seen, known))
    ]
    if len({key for key, _ in matches}) != 1:
        return None
    key, place = matches[0]
    return key, exercise.misconceptions[key].members[place]
