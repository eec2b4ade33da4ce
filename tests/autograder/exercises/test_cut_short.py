"""No check is content with less than it asked for: what an answer's side leaves out of a list is missed."""

from collections.abc import Callable, Iterator

import pytest

from autograder import catalogue
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import rng_for
from autograder.testing import INPUTS_LEFT, AnswerError, CheckFailure, Probe
from tests.answers import known_ids

# These compare one part of what comes back, and the other checks of the exercise compare the rest.
LOOK_AT_ONE_PART = {"multitask_masked_mse": "test_gradient"}


class CutShort(LocalAnswer):
    """A right answer from which each list comes back shorter."""

    def __init__(self, exercise, answer, cut: Callable):
        self.__dict__.update(vars(LocalAnswer.of(exercise, answer)))
        self.cut, self.has_cut = cut, False

    def outcomes(self, probes) -> Iterator:
        probes = list(probes)
        for probe, outcome in zip(probes, super().outcomes(probes)):
            yield outcome if isinstance(outcome, AnswerError) else self._shortened(probe, outcome)

    def _shortened(self, probe: Probe, outcome):
        value, *left = outcome if probe.after else (outcome,)
        shorter = self.cut(value)
        self.has_cut |= repr(shorter) != repr(value)
        return (shorter, *left) if probe.after else shorter


def cut_at(depth: int, kept: int) -> Callable:
    def cut(value, depth=depth):
        if not isinstance(value, (list, tuple)):
            return value
        return type(value)(list(value)[:kept] if depth == 0 else [cut(item, depth - 1) for item in value])

    return cut


@pytest.mark.parametrize("name", known_ids())
def test_no_check_passes_or_breaks_over_a_list_that_is_too_short(name):
    exercise = catalogue.load(name)
    right = next(iter(exercise.alternatives.values()))
    for check in exercise.checks:
        for cut in (cut_at(depth, kept) for depth in (0, 1, 2) for kept in (0, 1)):
            answer = CutShort(exercise, right, cut)
            try:
                check.function(answer, rng_for(b"a seed", name, check.id))
            except CheckFailure:
                continue
            of_the_rest = check.believes == INPUTS_LEFT or LOOK_AT_ONE_PART.get(name) == check.id
            assert not answer.has_cut or of_the_rest, check.id
