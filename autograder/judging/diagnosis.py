"""From behaviour to a named misconception: ask the same questions of the answer and of known wrong ones.

First those that are asked of every answer, the exercise's probes. An answer with two faults behaves like no known one
there; so then check by check, of what a failing check itself asked. A wrong name is worse than none, so anything but a
single match is silent.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import catalogue, exercises
from autograder.engine.inside.channel import Opaque, Tensor
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import LocalAnswer
from autograder.judging.recording import Recording
from autograder.testing import Alternative, Answer, Misconception, Probe, close_entries, largest_finite

Behaviour = tuple[Any, ...]

MOST_NAMES = 2  # more than two things to mend at once help nobody


@dataclass(frozen=True)
class Diagnosis:
    """A misconception, and where it shows.

    Attributes
    ----------
    check : str
        The failing check at which it is told.
    misconception : str
        Its id.
    message : str
        What the tutor says, with the numbers of the member that behaves like the answer.
    """

    check: str
    misconception: str
    message: str


def behaviour(exercise: exercises.Exercise, student: Answer) -> Behaviour:
    """What an answer does on every probe, in the form in which it is compared: values, or the kind of error."""
    return tuple(_answered(exercise, student, exercise.probes()))


def _answered(exercise: exercises.Exercise, student: Answer, probes: Iterable[Probe]) -> Iterator[Any]:
    return (as_numbers(exercise.behaviour(outcome)) for outcome in student.outcomes(probes))


def same_outcome(one: Any, other: Any) -> bool:
    """True for the same kind of error, or for values of one shape that agree to five digits.

    >>> same_outcome([1.0, 2.0], np.array([1.0, 2.0]))
    True
    >>> same_outcome(1.0, [1.0])
    False
    """
    return _same(as_numbers(one), as_numbers(other))


def as_numbers(outcome: Any) -> Any:
    """An outcome in the form in which it is compared, with an array of float64 for whatever is numbers."""
    if isinstance(outcome, dict):
        return {key: as_numbers(value) for key, value in outcome.items()}
    numbers = None if isinstance(outcome, AnswerError) else _numbers(outcome)
    if numbers is None and _sequence(outcome):
        return [as_numbers(item) for item in outcome]
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


# ---- what known answers do -------------------------------------------------------------------------------------


@functools.cache
def _probes(name: str) -> tuple[Probe, ...]:
    return catalogue.load(name).probes()


@functools.cache
def _on_probe(name: str, owner: str, key: str, place: int, at: int) -> Any:
    """What a member of a misconception does on one probe: most are told from an answer by the first."""
    exercise = catalogue.load(name).for_student(owner)
    member = LocalAnswer.of(exercise, exercise.misconceptions[key].members[place])
    return next(_answered(exercise, member, _probes(name)[at : at + 1]))


def known_behaviours(name: str) -> dict[tuple[str, int], Behaviour]:
    """The behaviour of every member of every misconception of an exercise."""
    return {
        (key, place): tuple(_on_probe(name, "", key, place, at) for at in range(len(_probes(name))))
        for key, wrong in catalogue.load(name).misconceptions.items()
        for place in range(len(wrong.members))
    }


# ---- names -----------------------------------------------------------------------------------------------------


def diagnose(
    exercise: exercises.Exercise, seen: Behaviour, failing: Mapping[str, Recording], passed_some: bool
) -> list[Diagnosis]:
    """The misconceptions that explain an answer, in the order in which to mend them; mostly one, or none.

    Parameters
    ----------
    exercise : Exercise
    seen : tuple
        The answer's :func:`behaviour`.
    failing : dict of str to Recording
        For each check that the answer fails, in order, what it asked and what came back; nothing where it fails on
        secret inputs alone.
    passed_some : bool
        True where the answer passes a check. Else errors alone have no name: whatever stops a code stops it everywhere.

    Returns
    -------
    list of Diagnosis
        That of the one misconception with which the answer agrees on every probe. If there is none, for each failing
        check that of the one misconception caught there with which it agrees on all that this check asked.
    """
    whole = _by_probes(exercise, seen, failing)
    return [whole] if whole else _by_checks(exercise, failing, passed_some)


def _by_probes(exercise: exercises.Exercise, seen: Behaviour, failing: Mapping[str, Recording]) -> Diagnosis | None:
    matches = {
        key: members
        for key, wrong in exercise.misconceptions.items()
        if (members := [one for place, one in enumerate(wrong.members) if _agrees(exercise, key, place, seen)])
    }
    if len(matches) != 1:
        return None
    ((key, members),) = matches.items()
    check = exercise.misconceptions[key].caught_by
    if check not in failing:
        return None
    shown = _member_like(exercise, members, failing[check]) if failing[check] else members[0]
    return Diagnosis(check, key, shown.message) if shown else None


def _agrees(exercise: exercises.Exercise, key: str, place: int, seen: Behaviour) -> bool:
    known = (_on_probe(exercise.id, exercise.owner, key, place, at) for at in range(len(seen)))
    return all(map(_same, seen, known))


def _by_checks(exercise: exercises.Exercise, failing: Mapping[str, Recording], passed_some: bool) -> list[Diagnosis]:
    found = []
    for check, recording in failing.items():
        if not _tells_something(exercise, recording, passed_some):
            continue
        like = [
            (key, member)
            for key, wrong in exercise.misconceptions.items()
            if wrong.caught_by == check and (member := _member_like(exercise, wrong.members, recording))
        ]
        if len(like) == 1:
            ((key, member),) = like
            found.append(Diagnosis(check, key, member.message))
    return [one for one in found if not _explained_by_another(exercise, one, found, failing)][:MOST_NAMES]


def _tells_something(exercise: exercises.Exercise, recording: Recording, passed_some: bool) -> bool:
    """True where what came back differs from what is right by more than rounding, and not by errors of any cause."""
    if not passed_some and all(isinstance(outcome, AnswerError) for _, outcome in recording):
        return False
    right = next(iter(exercise.alternatives.values()), None)
    return bool(recording) and (right is None or not _like(exercise, right, recording))


def _explained_by_another(
    exercise: exercises.Exercise, one: Diagnosis, found: list[Diagnosis], failing: Mapping[str, Recording]
) -> bool:
    """True where a check fails as another misconception that was found makes it fail: then that is the one to name."""
    return any(
        _like(exercise, member, failing[one.check])
        for other in found
        if other is not one
        for member in exercise.misconceptions[other.misconception].members
    )


def _member_like(
    exercise: exercises.Exercise, members: Iterable[Misconception], recording: Recording
) -> Misconception | None:
    """The member of a family that gives what the answer gave, on all that a check asked.

    Where several do and say different things, with different numbers for example, none: one of them would be false.
    """
    members = tuple(members)
    first = next((member for member in members if _like(exercise, member, recording)), None)
    if first is None:
        return None
    others = (member for member in members if member.message != first.message)
    return None if any(_like(exercise, member, recording) for member in others) else first


def _like(exercise: exercises.Exercise, known: Misconception | Alternative, recording: Recording) -> bool:
    """True where a known answer gives what was recorded; it is asked no more after the first difference."""
    given = _answered(exercise, LocalAnswer.of(exercise, known), [probe for probe, _ in recording])
    return all(_same(as_numbers(exercise.behaviour(outcome)), other) for (_, outcome), other in zip(recording, given))
