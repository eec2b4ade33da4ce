"""Every small input, and every change of it, is one that the exercise describes."""

import random
import re

import pytest

from autograder import exercises
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import LocalAnswer
from autograder.testing import Probe
from mtl_teach.learn.lesson.own_code import as_sent
from mtl_teach.learn.lesson.own_inputs import SMALL

SEEDS = range(4)


def drawn(exercise):
    return [SMALL[exercise](random.Random(seed)) for seed in SEEDS]


@pytest.mark.parametrize("exercise", list(SMALL))
def test_right_answers_take_the_input_and_every_change_of_it(exercise):
    one = exercises.load(exercise)
    right = LocalAnswer.of(one, next(iter(one.alternatives.values())))
    for small in drawn(exercise):
        calls = [small.args, *small.changes.values()]
        assert {len(args) for args in calls} <= {len(one.arguments), len(small.args)}
        outcomes = right.outcomes([Probe(as_sent(one, args)) for args in calls])
        assert [outcome for outcome in outcomes if isinstance(outcome, AnswerError)] == []


@pytest.mark.parametrize("exercise", list(SMALL))
def test_a_change_is_one_and_is_said_in_words_that_stand_in_a_sentence(exercise):
    for small in drawn(exercise):
        for words, args in small.changes.items():
            assert str(args) != str(small.args)
            assert re.fullmatch(r"[a-z0-9`].*[^.,;:]", words)


@pytest.mark.parametrize("exercise", [name for name in SMALL if drawn(name)[0].slopes])
def test_a_slope_names_an_entry_of_a_tensor(exercise):
    kinds = [kind for _, kind in exercises.load(exercise).arguments]
    for small in drawn(exercise):
        for argument, entry in small.slopes.values():
            assert kinds[argument] == "tensor of float64"
            value = small.args[argument]
            for place in entry:
                value = value[place]
            assert isinstance(value, float)


def test_the_inputs_of_an_exercise_differ():
    for exercise in SMALL:
        inputs = {str(SMALL[exercise](random.Random(seed)).args) for seed in range(12)}
        assert len(inputs) > 1, exercise
