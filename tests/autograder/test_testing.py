"""The check writer's vocabulary, where an answer meddles with what it was given."""

import numpy as np
import pytest

from autograder import exercises
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import LocalAnswer
from autograder.testing import CheckFailure, assert_unchanged, probe


def answer(function):
    return LocalAnswer(exercises.load("masked_mean"), (function,))


def rename(losses):
    losses["b"] = losses.pop("a")


@pytest.mark.parametrize(
    "meddle",
    [lambda losses: losses.pop("a"), lambda losses: losses.update(b=2.0), lambda losses: losses.update(a=2.0), rename],
    ids=["takes an entry out", "adds an entry", "changes a value", "renames an entry"],
)
def test_a_dictionary_that_a_call_meddles_with_is_noticed(meddle):
    with pytest.raises(CheckFailure, match=r"changed `losses` in place"):
        assert_unchanged(answer(meddle), {"a": 1.0}, names=("losses",))


def test_an_array_that_is_overwritten_is_noticed_by_its_position_where_it_has_no_name():
    with pytest.raises(CheckFailure, match=r"changed argument 1 in place"):
        assert_unchanged(answer(lambda values: values.fill(0.0)), np.array([1.0, np.nan]))


def test_arguments_that_are_only_read_are_no_failure():
    assert_unchanged(answer(lambda losses, values: values.sum()), {"a": 1.0}, np.array([1.0, np.nan]))


def test_a_probe_reports_the_value_and_on_request_the_arguments_as_the_call_left_them():
    values = np.array([1.0, 2.0])
    double = answer(lambda values: values.__imul__(2).sum())
    value, (again, (left,)) = double.outcomes([probe(values), probe(values, after=True)])
    assert value == again == 6.0
    assert left.tolist() == [2.0, 4.0]
    assert values.tolist() == [1.0, 2.0]


def test_an_error_among_many_calls_is_raised_at_its_turn():
    half = answer(lambda value: 1 / value)
    values = half.each([(2.0,), (0.0,), (4.0,)])
    assert next(values) == 0.5
    with pytest.raises(AnswerError, match="ZeroDivisionError"):
        next(values)
