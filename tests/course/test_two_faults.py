"""An answer with two known faults at once is told at least one of them, and never a third.

Two misconceptions are put together question by question: where the first differs from a right answer it speaks, else
the second. So only those are paired that never both differ on one question of the checks. Where a check shows the one
on some questions and the other on others, neither is named there.

Answers that are tests themselves are left out: whoever expects the wrong mean stops every right candidate, so that a
second fault cannot show beside it, and what would be put together here is an answer that nobody can write.
"""

import copy
import functools
import itertools
import pickle
from dataclasses import dataclass

import pytest

from autograder import exercises
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import Asks, LocalAnswer
from autograder.judging.diagnosis import same_outcome
from autograder.judging.runner import run_checks
from autograder.render import as_text
from tests.answers import known_ids

pytestmark = pytest.mark.matrix

NAMED = 0.85  # of all pairs at least
EXERCISES = [name for name in known_ids() if name != "test_masked_mean"]


class Both(Asks):
    """Two wrong answers as one."""

    def __init__(self, right, first, second):
        self._all = right, first, second

    def outcomes(self, probes):
        probes = list(probes)
        for right, first, second in zip(*(answer.outcomes(probes) for answer in self._all)):
            yield second if same_outcome(first, right) else first


class Remembering(LocalAnswer):
    """An answer that works out a question once: the checks ask every pair much the same ones."""

    def __init__(self, exercise, answers):
        super().__init__(exercise, answers)
        self.asked = []
        self._known = {}

    def outcomes(self, probes):
        probes = list(probes)
        self.asked += probes
        return super().outcomes(probes)

    def _outcomes(self, questions):
        for kind, args in questions:
            try:
                key = kind.get("function"), kind.get("after"), pickle.dumps(args)
            except (AttributeError, TypeError, pickle.PicklingError):  # a function among the arguments
                yield from super()._outcomes([(kind, args)])
                continue
            if key not in self._known:
                (self._known[key],) = super()._outcomes([(kind, args)])
            known = self._known[key]
            yield copy.copy(known) if isinstance(known, AnswerError) else known


@functools.cache
def right_of(exercise_id):
    exercise = exercises.load(exercise_id)
    return Remembering.of(exercise, next(iter(exercise.alternatives.values())))


@functools.cache
def wrong_of(exercise_id, name):
    exercise = exercises.load(exercise_id)
    return Remembering.of(exercise, exercise.misconceptions[name])


@functools.cache
def differing(exercise_id):
    """For each conceptual misconception the questions, by place, on which it differs from what is right."""
    exercise, right = exercises.load(exercise_id), right_of(exercise_id)
    run_checks(exercise, right)
    asked = list(right.asked)
    outcomes = list(right.outcomes(asked))
    return {
        name: frozenset(
            at
            for at, (got, known) in enumerate(zip(wrong_of(exercise_id, name).outcomes(asked), outcomes))
            if not same_outcome(got, known)
        )
        for name, wrong in exercise.misconceptions.items()
        if wrong.conceptual
    }


@dataclass(frozen=True)
class Pair:
    """Two misconceptions that can be put together, and what the grader says of both at once."""

    exercise: str
    names: tuple[str, str]

    @functools.cached_property
    def result(self):
        wrong = (wrong_of(self.exercise, name) for name in self.names)
        return run_checks(exercises.load(self.exercise), Both(right_of(self.exercise), *wrong))

    def __str__(self):
        return f"{self.exercise}: {self.names}: {as_text(self.result)}"


@functools.cache
def pairs(exercise_id):
    places = differing(exercise_id)
    return [
        Pair(exercise_id, names)
        for names in itertools.combinations(places, 2)
        if all(places[name] for name in names) and not places[names[0]] & places[names[1]]
    ]


@pytest.mark.parametrize("exercise_id", EXERCISES)
def test_of_two_faults_no_third_is_named(exercise_id):
    for pair in pairs(exercise_id):
        assert set(pair.result.misconceptions) <= set(pair.names), str(pair)


def test_of_most_pairs_at_least_one_is_named():
    everywhere = [pair for exercise_id in EXERCISES for pair in pairs(exercise_id)]
    silent = [pair for pair in everywhere if not pair.result.misconceptions]
    assert len(everywhere) > 50
    assert len(silent) <= (1 - NAMED) * len(everywhere), "\n".join(map(str, silent))
