"""uncertainty_loss(losses (T,), log_var (T,)) -> scalar tensor: sum over tasks of exp(-s) L / 2 + s / 2."""

import math

import numpy as np

from autograder.exercises.uncertainty_loss import scenarios
from autograder.testing import (
    INPUTS_LEFT,
    agree,
    assert_all_unchanged,
    assert_close,
    assert_true,
    believes,
    depends,
    points,
    probe,
    several,
    tensor,
)

NAMES = ("losses", "log_var")


def right(losses, log_var):
    """The total and its gradients by the losses and by the log-variances."""
    loss, s = losses.astype(float), log_var.astype(float)
    weight = 0.5 * np.exp(-s)
    return np.sum(weight * loss + 0.5 * s), weight, 0.5 - weight * loss


def cases(rng):
    """Small cases first: with s = 0 a loss of 4 costs 2, and with s = log 4 it costs 0.5 + log 2."""
    yield np.array([4.0]), np.array([0.0])
    yield np.array([4.0, 1.0]), np.array([math.log(4.0), 0.0])
    for tasks, dtype in ((1, np.float64), (2, np.float32), (3, np.float64), (7, np.float64), (7, np.float32)):
        yield rng.uniform(0.05, 6.0, tasks).astype(dtype), rng.normal(0.0, 1.5, tasks).astype(dtype)
    for unit in (1e6, 1e-6):
        yield np.array([4.0 * unit]), np.array([1.0])


def rough(losses, log_var):
    """Where terms of both signs cancel, float32 knows a result only to the rounding of what was added."""
    size = float(np.abs(losses * np.exp(-log_var)).sum() + np.abs(log_var).sum() + 1)
    return {"atol": 1e-6 * size} if losses.dtype == np.float32 else {}


def sent(case):
    return [tensor(part) for part in case]


def gradients(student, asked):
    """For each case its inputs by name and the two gradients."""
    answers = student.each(map(sent, asked), scenario=scenarios.value_and_gradients)
    for case, answer in zip(asked, answers):
        inputs = dict(zip(NAMES, case))
        _, found, _ = several(answer, 3, "the total with its gradients", inputs)
        assert_true(found is not None, "The result carries no gradient: stay in torch.", inputs)
        yield case, inputs, several(found, 2, "the gradient", inputs)


@points(2)
def test_value(student, rng):
    """Each task adds half of exp(-s) times its loss, and half of s; the total is the sum over tasks."""
    asked = list(cases(rng))
    for dtype, tolerance in ((np.float64, {}), (np.float32, {"atol": 3e-4})):  # terms of both signs cancel in float32
        some = [case for case in asked if case[0].dtype == dtype]
        agree(student, some, lambda *case: right(*case)[0], NAMES, send=tensor, **tolerance)


@points(1)
@depends("test_value")
def test_gradient_of_losses(student, rng):
    """The gradient reaches the losses, and there it is the weight of the task."""
    for case, inputs, (by_losses, _) in gradients(student, list(cases(rng))):
        assert_close(by_losses, right(*case)[1], inputs, what="the gradient of `losses`")


@points(2)
@depends("test_value")
def test_gradient_of_log_var(student, rng):
    """The gradient reaches the log-variances, through the weight and through the price."""
    for case, inputs, (_, by_log_var) in gradients(student, list(cases(rng))):
        assert_close(by_log_var, right(*case)[2], inputs, what="the gradient of `log_var`", **rough(*case))


@points(1)
@depends("test_gradient_of_log_var")
def test_at_rest(student, rng):
    """At s = log(loss) the log-variances are at equilibrium: their gradient is 0."""
    asked = [(losses, np.log(losses)) for losses in (np.array([4.0]), rng.uniform(0.01, 50.0, 5))]
    for case, inputs, (_, by_log_var) in gradients(student, asked):
        assert_close(by_log_var, np.zeros(len(case[0])), inputs, atol=1e-9, what="the gradient of `log_var`")


@points(1)
def test_extreme_log_var(student, rng):
    """Log-variances of plus and minus 60 (30 in float32) give a finite and right total and right gradients."""
    sizes = ((np.float64, 60.0), (np.float64, -60.0), (np.float32, 30.0), (np.float32, -30.0))
    asked = [(rng.uniform(0.5, 2.0, 1).astype(dtype), np.array([s], dtype)) for dtype, s in sizes]
    found = gradients(student, asked)
    for case, total in zip(asked, student.each(map(sent, asked))):
        inputs = dict(zip(NAMES, case))
        want, *slopes = right(*case)
        tolerance = 1e-4 if case[0].dtype == np.float32 else 1e-9  # exp(30) in float32 knows five digits
        assert_close(total, want, inputs, rtol=tolerance)
        for name, have, slope in zip(NAMES, next(found)[2], slopes):
            assert_close(have, slope, inputs, rtol=tolerance, what=f"the gradient of `{name}`")


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, map(sent, cases(rng)), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(tensor(np.array([4.0])), tensor(np.array([0.0])))
    for tasks in (1, 2, 4):
        case = rng.uniform(0.05, 6.0, tasks), rng.normal(0.0, 1.5, tasks)
        yield probe(*map(tensor, case), scenario=scenarios.value_and_gradients)
    for s in (12.0, -12.0, 18.0, -18.0, 25.0, -25.0, 59.0, -59.0):
        yield probe(tensor(np.array([1.5])), tensor(np.array([s])), scenario=scenarios.value_and_gradients)
