"""Answers without a thought: which there are, what they earn, and when that is too much."""

import json

import numpy as np
import pytest
import torch

from autograder import exercises
from autograder.testing import assert_close, assert_raises, points
from tests.bench import trivial
from tests.handmade import handmade


@points(9)
def is_doubled(student, rng):
    """It is doubled."""
    for number in (3.0, 4.0):
        assert_close(student(number), 2 * number)


@points(2)
def of_nothing_is_nothing(student, rng):
    """Nothing doubled is nothing."""
    assert_close(student(0.0), 0.0)


@points(1)
def is_true(student, rng):
    """It is true."""
    assert student(1.0) is True


def made(*checks, double=lambda number: 2 * number, **more):
    return handmade(*checks, right={"double": double}, **more)


def test_every_answer_without_a_thought_is_tried():
    found = trivial.earned(made(is_doubled))
    assert set(found.points) == {
        *("return None", "return 0", "return 1", "return -1", "return 0.5", "return inf", "return nan"),
        *("return True", "return False", "return number", "zeros like the output", "ones like the output"),
        *("pass", "raise"),
    }
    assert (found.most, set(found.points.values())) == (9.0, {0.0})


def test_the_best_of_them_counts():
    found = trivial.earned(made(is_doubled, of_nothing_is_nothing, is_true))
    assert found.points["return 0"] == found.points["return number"] == found.points["zeros like the output"] == 2.0
    assert found.points["return True"] == 1.0
    assert found.best[1] == 2.0


def test_an_output_is_filled_in_its_own_shape_dtype_and_container():
    graph = torch.ones(2, dtype=torch.float64, requires_grad=True) * 3
    filled = trivial._filled({"a": (graph, [np.arange(3)], 2.5, True, None), "b": torch.ones(1, dtype=torch.int8)}, 0)
    tensor, (array,), number, truth, nothing = filled["a"]
    assert (tensor.dtype, tensor.requires_grad, tensor.tolist()) == (torch.float64, True, [0.0, 0.0])
    assert (array.dtype.kind, array.tolist()) == ("i", [0, 0, 0])
    assert (type(number), number, truth, nothing) == (float, 0.0, False, None)
    assert (filled["b"].dtype, filled["b"].tolist()) == (torch.int8, [0])


def test_where_a_right_answer_stops_with_an_error_its_zeros_do_not():
    def is_refused(student, rng):
        """A number below 0 is refused."""
        assert_raises("ValueError", student, -1.0)

    def root(number):
        if number < 0:
            raise ValueError("below 0")
        return number**0.5

    assert trivial.earned(made(is_doubled, is_refused, double=root)).best[1] == 0.0


def test_for_plain_variables_their_values_are_guessed():
    def is_right(student, rng):
        """The two numbers are right."""
        assert student() == (2.0, 0.0)

    made_of_values = handmade(is_right, right={"one": lambda: (2.0, 0.0)}, entries=("a", "b"), values=True)
    found = trivial.earned(made_of_values)
    assert set(found.points) >= {"0", "nan", "zeros like the output"}
    assert found.best[1] == 0.0


def test_a_class_is_also_a_module_of_zeros():
    answers = trivial.trivial_answers(exercises.load("SharedTrunk"))
    (module,) = answers["a module of zeros"]
    outputs = module(4, 8, {"price": 1, "topic": 3})(torch.ones(5, 4))
    assert {task: tuple(output.shape) for task, output in outputs.items()} == {"price": (5, 1), "topic": (5, 3)}


@pytest.mark.matrix
@pytest.mark.parametrize("exercise_id", exercises.all_ids())
def test_in_no_exercise_they_earn_more_than_a_point(exercise_id):
    found = trivial.earned(exercises.load(exercise_id))
    assert found.best[1] <= trivial.POINTS, found.points


@pytest.mark.matrix
def test_in_all_exercises_they_earn_less_than_two_percent():
    found = [trivial.earned(one) for one in exercises.all_exercises()]
    assert trivial.share(found) < trivial.SHARE, trivial.table(found)


@pytest.mark.parametrize(
    ("points_of_each", "most", "wrong"),
    [
        ([0.0, 1.0], 100.0, False),
        ([1.0, 1.0], 50.0, True),
        ([0.0, 1.5], 1000.0, True),
        ([0.0, 0.0], 10.0, False),
        ([1.9, 0.0], 1000.0, True),
    ],
    ids=["one point in many", "two percent", "more than a point", "nothing", "more than a point in one"],
)
def test_it_is_too_much_from_two_percent_of_all_points_or_beyond_one_point_in_an_exercise(points_of_each, most, wrong):
    found = [trivial.Earned("one", {"return 0": earned, "pass": 0.0}, most) for earned in points_of_each]
    assert trivial.too_much(found) is wrong


def test_the_table_names_the_best_answer_and_the_share():
    found = [trivial.Earned("one", {"return 0": 2.0, "pass": 0.0}, 9.0), trivial.Earned("two", {"pass": 0.0}, 11.0)]
    first, second, last = trivial.table(found).splitlines()[1:]
    assert first.split() == ["one", "2", "9", "return", "0", "too", "much"]
    assert second.split() == ["two", "0", "11", "-"]
    assert last.split()[:4] == ["all", "2", "20", "10.0%;"]


def test_the_command_prints_a_table_or_json_and_says_by_its_exit_code_whether_it_is_too_much(capsys, monkeypatch):
    known = {"generous": made(of_nothing_is_nothing, is_doubled), "strict": made(is_doubled)}
    monkeypatch.setattr(exercises, "load", known.__getitem__)
    monkeypatch.setattr(exercises, "all_ids", lambda: tuple(known))
    assert trivial.main(["strict"]) == 0
    assert "less than 2% is allowed" in capsys.readouterr().out
    assert trivial.main(["--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert [one["points"]["return 0"] for one in printed] == [2.0, 0.0]
