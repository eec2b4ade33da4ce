"""Functions that are called from the other side: on data alone, so often and so much, and every message understood."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.engine.callables import MAX_CALLS, Host, Lent
from autograder.engine.inside import channel
from autograder.engine.inside.channel import ChannelError, Tensor
from tests.autograder.engine.inside.test_channel import values

weighted = Lent("function", lambda values, weight: (values * weight).sum(), ("values", "weight"), most=100)


def call(*args, **more):
    return {"call": 0, "args": list(args), **more}


def test_a_value_comes_back():
    assert Host([weighted]).answer(call(np.array([1.0, 2.0]), 3.0)) == {"value": 9.0}


def test_names_find_their_parameters():
    difference = Lent("function", lambda a, b: a - b, ("a", "b"))
    assert Host([difference]).answer(call(1.0, 5.0, names=["b", "a"])) == {"value": 4.0}
    assert Host([difference]).answer(call(1.0, 5.0, names=["b"])) == {"value": -4.0}


@pytest.mark.parametrize(
    "message",
    [call(1.0), call(1.0, 2.0, 3.0), call(1.0, 2.0, names=["other"]), call(1.0, 2.0, names=["values"]), call()],
    ids=["too few", "too many", "unknown", "twice", "none"],
)
def test_a_call_that_does_not_fit_says_what_would(message):
    answer = Host([weighted]).answer(message)
    assert answer == {"error": "TypeError", "message": "function takes 2 arguments: values, weight"}


def test_the_place_is_that_among_the_arguments():
    host = Host([1.0, weighted])
    assert host.answer({"call": 1, "args": [2.0, 3.0]})["error"] == "AttributeError"
    with pytest.raises(ChannelError):
        host.answer(call(2.0, 3.0))


def test_a_derivative_is_asked_for_later_and_as_often_as_wanted():
    host = Host([weighted])
    answer = host.answer(
        call(Tensor(np.array([1.0, 2.0])), Tensor(np.array([3.0, 4.0])), tracked=[[0, True], [1, False]])
    )
    assert (answer["value"].item(), answer["graph"]) == (11.0, 0)
    for slope in (1.0, -2.0):
        in_values, in_weight = host.answer({"slopes": 0, "of": Tensor(np.array(slope))})["value"]
        assert in_values.tolist() == [3 * slope, 4 * slope]
        assert in_weight.tolist() == [slope, 2 * slope]


def test_what_carries_no_gradient_says_so():
    host = Host([Lent("function", lambda values: values.detach() * 2, ("values",))])
    assert "graph" not in host.answer(call(Tensor(np.ones(2)), tracked=[[0, True]]))


@pytest.mark.parametrize("argument", [np.ones(2), Tensor(np.ones(2))], ids=["array", "tensor"])
def test_only_what_was_changed_comes_back(argument):
    def change(values, other):
        values[1] = 5.0

    answer = Host([Lent("function", change, ("values", "other"))]).answer(call(argument, np.ones(3)))
    assert list(answer["left"]) == [0]
    assert answer["left"][0].tolist() == [1.0, 5.0]


def test_an_error_of_torch_is_told_by_its_builtin_kind():
    def fails(values):
        raise torch.linalg.LinAlgError("a secret")

    answer = Host([Lent("function", fails, ("values",))]).answer(call(1.0))
    assert answer == {"error": "RuntimeError", "message": "function(float) fails"}


def test_work_is_bounded():
    host = Host([weighted])
    for much in (np.ones(101), [[1.0] * 51, [1.0] * 51], np.ones((0, 101)), {"a": [1.0] * 101}, Tensor(np.ones(101))):
        assert "at most 100 numbers" in host.answer(call(much, 1.0))["message"]
    for _ in range(MAX_CALLS - 5):
        assert "value" in host.answer(call(2.0 * np.ones(1), 1.0))
    assert "more than 10,000 calls" in host.answer(call(np.ones(1), 1.0))["message"]


def test_graphs_are_bounded():
    host = Host([Lent("function", lambda values: values.sum(), ("values",), most=2**22)])
    large = call(Tensor(np.ones(2**21)), tracked=[[0, True]])
    assert ["error" in host.answer(large) for _ in range(3)] == [False, False, True]


keys = st.sampled_from(["call", "args", "names", "tracked", "slopes", "of"])
messages = st.dictionaries(keys, values | st.integers(0, 2) | st.lists(values, max_size=2), max_size=4)


@given(messages)
def test_whatever_comes_is_answered_or_no_message_at_all(message):
    host = Host([weighted])
    host.answer(call(Tensor(np.ones(2)), 1.0, tracked=[[0, True]]))
    try:
        answer = host.answer(channel.as_data({"call": 0, "args": [1.0, 2.0], **message}))
    except ChannelError:
        return
    assert ("value" in answer) != ("error" in answer)
