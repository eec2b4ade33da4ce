"""A mistake has a name where exactly one known mistake behaves the same on every probe; else there is silence."""

import numpy as np
import pytest

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import LocalAnswer
from autograder.judging.diagnosis import behaviour, diagnose, known_behaviours, same_outcome
from autograder.testing import probe
from tests.handmade import handmade, publish

NAN, INF = float("nan"), float("inf")


def is_doubled(student, rng):
    """It is doubled."""


def double(number):
    return 2 * number


def adds_one(number):
    return number + 1


def refuses(number):
    raise ValueError("no")


@pytest.fixture
def doubling(monkeypatch):
    made = handmade(
        is_doubled,
        wrong={
            "adds_one": adds_one,
            "squares": lambda number: number**2,
            "refuses": refuses,
            "also_refuses": lambda number: [][int(number)],
        },
        right={"double": double},
        probes=[probe(1.0), probe(5.0), probe(-3.0)],
    )
    publish(monkeypatch, made)
    return made


def name_of(exercise, answer):
    found = diagnose(exercise, LocalAnswer.of(exercise, answer))
    return found and found[0]


def test_an_answer_that_behaves_like_one_known_mistake_has_its_name(doubling):
    found = diagnose(doubling, LocalAnswer.of(doubling, lambda number: 1 + number))
    assert found == ("adds_one", doubling.misconceptions["adds_one"])
    assert name_of(doubling, lambda number: number * number) == "squares"


def test_an_error_of_one_kind_is_a_behaviour_whatever_its_text(doubling):
    assert name_of(doubling, lambda number: int("no number")) == "refuses"
    assert name_of(doubling, lambda number: [1][9]) == "also_refuses"
    assert name_of(doubling, lambda number: {}[number]) is None


@pytest.mark.parametrize("odd", [1.0, 5.0, -3.0])
def test_an_answer_that_behaves_otherwise_on_a_single_probe_has_no_name(doubling, odd):
    assert name_of(doubling, lambda number: 99.0 if number == odd else number + 1) is None


def test_an_answer_that_is_right_on_every_probe_has_no_name(doubling):
    assert name_of(doubling, double) is None
    assert name_of(doubling, lambda number: 2 * number if number < 100 else number + 1) is None


def test_where_two_known_mistakes_behave_alike_neither_is_named(monkeypatch):
    made = handmade(
        is_doubled,
        wrong={"adds_one": adds_one, "adds_one_too": lambda number: 1 + number, "zero": lambda number: 0},
        probes=[probe(1.0), probe(5.0)],
    )
    publish(monkeypatch, made)
    assert name_of(made, adds_one) is None
    assert name_of(made, lambda number: 0) == "zero"


def test_an_exercise_that_knows_no_mistake_names_none(monkeypatch):
    made = handmade(is_doubled, probes=[probe(1.0)])
    publish(monkeypatch, made)
    assert name_of(made, adds_one) is None


def test_a_behaviour_is_one_outcome_a_probe_errors_among_them(doubling):
    seen = behaviour(doubling, LocalAnswer.of(doubling, lambda number: 1 / (number - 5)))
    assert seen[0] == -0.25
    assert seen[1].tag == "ZeroDivisionError"
    assert seen[2] == -0.125


def test_known_behaviours_are_worked_out_once(monkeypatch):
    calls = []
    made = handmade(is_doubled, wrong={"one": lambda number: calls.append(number)}, probes=[probe(1.0), probe(2.0)])
    publish(monkeypatch, made)
    assert known_behaviours(made.id) == known_behaviours(made.id) == {("one", 0): (None, None)}
    assert calls == [1.0, 2.0]


def test_an_exercise_decides_what_of_an_outcome_counts(monkeypatch):
    class Rounded(type(handmade(is_doubled))):
        def behaviour(self, outcome):
            return round(outcome)

    plain = handmade(is_doubled, wrong={"adds_one": adds_one}, probes=[probe(1.0), probe(5.0)])
    made = Rounded(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    publish(monkeypatch, made)
    assert name_of(made, lambda number: number + 1.25) == "adds_one"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AnswerError("KeyError", "a"), AnswerError("KeyError", "b")),
        (1.0, 1.0 + 0.9e-5),
        (np.float32(1.0), 1),
        (True, np.True_),
        (Tensor(np.array([1.0, 2.0])), [1, 2]),
        ([1.0, 2.0], (1.0, 2.0)),
        (NAN, np.array(NAN)),
        ([INF, -INF], np.array([INF, -INF])),
        ([1000.0, 0.0], [1000.0, 0.9e-3]),
        (0.0, 0.0),
        ([], ()),
        (None, None),
        ("A", "A"),
        (Opaque("set"), Opaque("set")),
        ({"a": 1.0, "b": [1, 2]}, {"b": np.array([1.0, 2.0]), "a": 1}),
        ((1.0, [2.0, 3.0]), [1.0, (2.0, 3.0)]),
        ([1.0, None], [1.0, None]),
        ((1.0, {"a": 2.0}), (1.0, {"a": 2.0})),
    ],
    ids=repr,
)
def test_outcomes_are_the_same_up_to_rounding_and_their_container(one, other):
    assert same_outcome(one, other)
    assert same_outcome(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AnswerError("KeyError"), AnswerError("ValueError")),
        (AnswerError("KeyError"), 1.0),
        (AnswerError("KeyError"), None),
        (1.0, 1.0 + 2.2e-5),
        (1.0, [1.0]),
        ([1.0, 2.0], [[1.0, 2.0]]),
        ([1.0, 2.0], [1.0, 2.0, 3.0]),
        (NAN, 0.0),
        (NAN, INF),
        (INF, -INF),
        (INF, 1e300),
        ([1000.0, 0.0], [1000.0, 1.1e-3]),
        (0.0, 1e-9),
        (None, 0.0),
        (None, []),
        ("A", "B"),
        ("1", 1),
        (Opaque("set"), Opaque("dict")),
        (Opaque("set"), "set"),
        ({"a": 1.0}, {"b": 1.0}),
        ({"a": 1.0}, {"a": 2.0}),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}),
        ({"a": 1.0}, 1.0),
        ({}, None),
        ((1.0, [2.0, 3.0]), (1.0, [2.0, 4.0])),
        ((1.0, [2.0, 3.0]), (1.0, [2.0, 3.0], 4.0)),
        ((1.0, [2.0, 3.0]), 1.0),
        ([1.0, None], [1.0, "x"]),
    ],
    ids=repr,
)
def test_outcomes_that_differ_in_value_shape_kind_or_error_are_not_the_same(one, other):
    assert not same_outcome(one, other)
    assert not same_outcome(other, one)
