"""A stand-in behaves as the function does, and shows nothing of it."""

import functools

import numpy as np
import pytest
import torch

from autograder.engine.callables import Host, Lent
from autograder.engine.inside import channel
from autograder.engine.inside.proxies import stand_in, with_stand_ins
from autograder.engine.inside.worker import as_live


def reach(host, message):
    return as_live(channel.as_data(host.answer(channel.as_data(message))))


def handed(function, *parameters):
    """A function as an answer is handed it."""
    host = Host([Lent("given", function, parameters or ("values", "mask"))])
    return stand_in("given", 0, functools.partial(reach, host))


def mean(values, mask):
    return values[mask].sum() / mask.sum()


MASK = torch.tensor([True, False, True])


@pytest.mark.parametrize("kind", [torch.float32, torch.float64])
def test_gradients_are_those_of_the_function(kind):
    values = torch.tensor([1.0, 2.0, 4.0], dtype=kind, requires_grad=True)
    for function in (mean, handed(mean)):
        value = function(values * 3, mask=MASK)
        assert (value.dtype, value.requires_grad, value.item()) == (kind, True, 7.5)
        (gradient,) = torch.autograd.grad(value, values)
        assert gradient.tolist() == [1.5, 0.0, 1.5]


def test_other_ways_to_differentiate_work_too():
    given, values = handed(mean), torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
    assert torch.func.grad(given)(values, MASK).tolist() == [0.5, 0.0, 0.5]
    assert torch.autograd.functional.jacobian(lambda x: given(x, MASK), values).tolist() == [0.5, 0.0, 0.5]
    assert torch.autograd.gradcheck(lambda x: given(x, MASK), values.requires_grad_())


def test_a_second_derivative_is_refused_with_a_sentence():
    values, slope = torch.ones(3, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    (first,) = torch.autograd.grad(handed(mean)(values, MASK), values, slope, create_graph=True)
    assert first.tolist() == [0.5, 0.0, 0.5]
    with pytest.raises(RuntimeError, match="can be differentiated once"):
        torch.autograd.grad(first.sum(), slope)


def test_the_gradient_of_a_single_number_comes_with_it_and_any_other_is_asked_for():
    host, crossed = Host([Lent("given", mean, ("values", "mask"))]), []

    def counted(message):
        crossed.append(next(key for key in ("slopes", "call") if key in message))
        return reach(host, message)

    given, values = stand_in("given", 0, counted), torch.tensor([1.0, 2.0, 4.0], requires_grad=True)
    value = given(values, MASK)
    value.backward(retain_graph=True)
    assert (values.grad.tolist(), crossed) == ([0.5, 0.0, 0.5], ["call"])
    values.grad.zero_()  # nobody else's numbers: the second way back finds the same slope
    value.backward(retain_graph=True)
    assert (values.grad.tolist(), crossed) == ([0.5, 0.0, 0.5], ["call", "slopes"])
    values.grad.zero_()
    (given(values, MASK) * 3).backward()
    assert (values.grad.tolist(), crossed[2:]) == ([1.5, 0.0, 1.5], ["call", "slopes"])


def test_a_value_whose_gradient_cannot_be_taken_is_still_a_value():
    class Stubborn(torch.autograd.Function):
        @staticmethod
        def forward(ctx, values, mask):
            return values.sum()

        @staticmethod
        def backward(ctx, slope):
            raise ValueError("never")

    values = torch.tensor([1.0, 2.0, 4.0], requires_grad=True)
    assert handed(Stubborn.apply)(values, MASK).item() == 7.0


def test_without_gradients_there_are_none():
    values = torch.ones(3, requires_grad=True)
    with torch.no_grad():
        assert not handed(mean)(values, MASK).requires_grad
    assert not handed(lambda values, mask: mean(values, mask).detach())(values, MASK).requires_grad
    assert not handed(mean)(values.detach(), MASK).requires_grad


def test_a_value_that_is_no_tensor_stays_what_it_is():
    values = torch.ones(3, requires_grad=True)
    assert handed(lambda values, mask: [float(values.sum()), "three"])(values, MASK) == [3.0, "three"]


@pytest.mark.parametrize("values", [np.ones(3), torch.ones(3), torch.ones(3, requires_grad=True)])
def test_changes_in_place_reach_the_caller(values):
    def fill(values, mask):
        with torch.no_grad():
            values[0] = 9.0

    kept = values
    handed(fill)(values, MASK)
    assert kept.tolist() == [9.0, 1.0, 1.0]


@pytest.mark.parametrize("error", [IndexError, KeyError, AssertionError, ZeroDivisionError, NotImplementedError])
def test_an_error_is_of_the_same_kind(error):
    def fails(values, mask):
        raise error("words")

    with pytest.raises(error) as caught:
        handed(fails)(1.0, 2.0)
    assert "words" not in str(caught.value)


def test_two_stand_ins_differ_in_nothing():
    one, other = handed(mean), handed(print)
    assert one is not other
    for name in ("__name__", "__qualname__", "__module__", "__doc__", "__defaults__", "__dict__", "__code__"):
        assert getattr(one, name) == getattr(other, name)


def test_only_announced_functions_are_replaced():
    args = with_stand_ins([1.0, channel.Remote("given")], lambda message: {"value": message["call"]})
    assert args[0] == 1.0
    assert args[1]() == 1
    assert isinstance(with_stand_ins([channel.Remote("given")], None)[0], channel.Remote)
