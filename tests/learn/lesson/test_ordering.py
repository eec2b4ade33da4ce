"""The last hint's lines: given in disorder, kept as they were left, and judged by the checks alone."""

import sys
import time
from dataclasses import replace

import pytest

from autograder.exercises import Order
from autograder.testing import assert_close, fail
from mtl_teach.learn.lesson import ordering
from mtl_teach.learn.lesson.ordering import begin, fault_of, judge, resume, store
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.handmade import handmade

ORDER = Order(
    ("double = 2 * number", "one = 1", "return double + one"),
    ("double = number + 2", "return double"),
    "def answer(number):\n    {lines}\n",
)


def check_value(student, rng):
    """Twice the number and one more."""
    assert_close(student(3.0), 7.0)


def check_zero(student, rng):
    """Zero gives one."""
    if student(0.0) != 1:
        raise fail("It does not.")


@pytest.fixture(autouse=True)
def before_it(monkeypatch):
    monkeypatch.setattr(ordering, "solution_cells", lambda exercise: [("setup", "import math"), ("answer", "1 / 0")])


def exercise():
    return handmade(check_value, check_zero, order=ORDER)


def test_every_line_is_given_once_in_an_order_that_is_never_the_right_one():
    for times in range(40):
        given = begin("masked_mean", ORDER, times)
        assert sorted(given.pieces) == sorted([*ORDER.lines, *ORDER.wrong])
        assert [line for line in given.pieces if line in ORDER.lines] != list(ORDER.lines)
        assert given.lines == list(given.pieces)


def test_the_disorder_is_the_same_until_it_is_put_right():
    assert begin("masked_mean", ORDER) == begin("masked_mean", ORDER)
    assert len({begin("masked_mean", ORDER, times).pieces for times in range(10)}) > 1


def test_lines_are_found_as_they_were_left(workspace):
    given = begin("masked_mean", ORDER)
    left = replace(given, inside=(4, 2, 0), outside=(1, 3), tries=2)
    store("masked_mean", left)
    assert resume("masked_mean", ORDER) == left
    assert resume("weighted_total", ORDER) == begin("weighted_total", ORDER)


@pytest.mark.parametrize(
    "damage",
    [
        {"inside": [0, 1, 2]},
        {"inside": [0, 1, 2, 3, 3], "outside": []},
        {"inside": [0, 1, 2, 3, 9], "outside": []},
        {"inside": "01234", "outside": []},
        {"inside": [True, 0, 2, 3, 4], "outside": []},
        {"tries": "many"},
        {"pieces": ["other", "lines"]},
    ],
    ids=str,
)
def test_lines_that_are_damaged_or_others_today_are_begun_anew(workspace, damage):
    given = begin("masked_mean", ORDER)
    kept = {"pieces": list(given.pieces), "inside": [4, 2, 0], "outside": [1, 3], "tries": 2, "solved": 0}
    Progress(workspace / PROGRESS).remember("order/masked_mean", kept | damage)
    assert resume("masked_mean", ORDER) == given


@pytest.mark.parametrize("kept", [None, [], "x", {"solved": "x"}], ids=str)
def test_what_is_no_arrangement_at_all_is_begun_anew(workspace, kept):
    Progress(workspace / PROGRESS).remember("order/masked_mean", kept)
    assert resume("masked_mean", ORDER) == begin("masked_mean", ORDER)


@pytest.mark.parametrize("lines", [ORDER.lines, ("one = 1", "double = 2 * number", "return double + one")])
def test_every_order_that_passes_the_checks_is_right(lines):
    judged = judge(exercise(), ORDER, lines)
    assert judged.right
    assert judged.sentence.startswith("Right: with these lines in this order every check passes. Now write it")


def test_lines_of_the_whole_exercise_may_use_what_the_notebook_defined_before():
    order = Order(("return 2 * number + math.cos(0)",), (), ORDER.frame)
    assert fault_of(exercise(), order, order.lines) == ""


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("double = 2 * number", "return double"), "With these lines the check “Twice the number and one more” fails."),
        (("one = 1", "return double + one"), "fails: Your code raised NameError: name 'double' is not defined."),
        (("return number + 4",), "With these lines the check “Zero gives one” fails."),
        ((), "These lines are not Python in this order: expected an indented block after function definition."),
        (("for one in (1,):", "return 1"), "expected an indented block after 'for' statement on line 1."),
        (("    one = 1", "return one"), "These lines are not Python in this order: un"),
    ],
)
def test_what_is_wrong_is_said_by_the_first_check_that_fails(lines, fault):
    assert fault in fault_of(exercise(), ORDER, lines)


def test_an_answer_that_cannot_even_be_defined_is_said_so():
    order = Order(ORDER.lines, ORDER.wrong, "def answer(number, other=unknown):\n    {lines}\n")
    assert fault_of(exercise(), order, order.lines) == (
        "With these lines your code stops with NameError: name 'unknown' is not defined."
    )


def test_where_pytorch_does_not_load_that_is_said(monkeypatch):
    monkeypatch.setattr(ordering, "solution_cells", lambda exercise: [("setup", "import torch_of_none"), ("a", "")])
    monkeypatch.setattr("autograder.torch_loads.explained", lambda error: f"PyTorch does not load: {error}")
    assert fault_of(exercise(), ORDER, ORDER.lines) == "PyTorch does not load: No module named 'torch_of_none'"


def test_a_check_of_ours_that_stops_is_not_the_fault_of_the_lines():
    def check_broken(student, rng):
        """It cannot be asked."""
        return 1 / 0

    assert "this is not your fault" in fault_of(handmade(check_broken, order=ORDER), ORDER, ORDER.lines)


@pytest.mark.parametrize(
    "loop", ["while True: number += 1", "while True:\n        try: number += 1\n        except: 1"]
)
def test_a_loop_without_end_is_stopped_and_whoever_traces_goes_on(loop):
    before, start = sys.gettrace(), time.monotonic()
    fault = fault_of(exercise(), ORDER, ["while True: number += 1"], seconds=0.2)
    assert fault == "With these lines the checks do not come to an end: they were stopped after 0.2 seconds."
    assert time.monotonic() - start < 60
    assert sys.gettrace() is before


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (ORDER.wrong, ["Both mistakes are among your lines."]),
        (("double = 2 * number", "return double"), ["One of the mistakes is among your lines.", "Your first line can"]),
        (
            ("double = 2 * number", "return double + one", "one = 1"),
            ["it is their order.", "Your first line can stay."],
        ),
        (("double = 2 * number", "one = 1"), ["but there are 3 that belong together.", "Your first 2 lines can stay."]),
        (("return double + one",), ["No mistake is among your lines, but there are 3"]),
    ],
)
def test_where_to_look_is_said_from_the_second_try_on(lines, said):
    first, second = (judge(exercise(), ORDER, lines, tries) for tries in (1, 2))
    assert not first.right
    assert not second.right
    rest = second.sentence.removeprefix(first.sentence)
    assert second.sentence != rest
    for words in said:
        assert words in rest
    assert ("can stay" in rest) == any("can" in words for words in said[1:])


def test_the_introduction_says_how_many_lines_there_are():
    assert ordering.introduction(ORDER).startswith("Put 3 of these 5 lines in order")
