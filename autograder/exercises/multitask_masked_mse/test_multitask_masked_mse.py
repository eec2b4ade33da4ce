"""multitask_masked_mse(pred (N,T), Y (N,T), mask (N,T) bool, weights (T,)) -> (total (), per_task (T,))."""

import numpy as np

from autograder.exercises.multitask_masked_mse import scenarios
from autograder.exercises.reference import without_a_leak
from autograder.testing import (
    INPUTS_LEFT,
    agree,
    assert_all_unchanged,
    assert_true,
    believes,
    depends,
    points,
    probe,
    several,
    tensor,
    to_array,
)

NAMES = ("pred", "Y", "mask", "weights")
NAN, INF = np.nan, np.inf


def losses(pred, Y, mask, weights):
    """The loss of each task; 0 where it has no label."""
    error = np.where(mask, pred.astype(float) - np.where(mask, Y, 0.0), 0.0)
    return (error**2).sum(0) / np.maximum(mask.sum(0), 1)


def total(pred, Y, mask, weights):
    return weights.astype(float) @ losses(pred, Y, mask, weights)


def slopes(pred, Y, mask, weights):
    """The gradient of the total."""
    error = np.where(mask, pred.astype(float) - np.where(mask, Y, 0.0), 0.0)
    return 2 * weights * error / np.maximum(mask.sum(0), 1)


def batch(pred, Y, mask, weights, dtype=np.float64):
    return np.array(pred, dtype), np.array(Y, dtype), np.array(mask, bool), np.array(weights, dtype)


def tiny(hidden=0.0):
    """One label of two for the first task, both for the second."""
    return batch([[1.0, 2.0], [3.0, 4.0]], [[3.0, 1.0], [hidden, 1.0]], [[True, True], [False, True]], [2.0, 0.5])


def random_batch(rng, n=8, n_tasks=3, dtype=np.float64, hidden=None, empty_task=False):
    """Tasks with different numbers of labels; ``hidden`` replaces the labels that are not observed."""
    mask = rng.random((n, n_tasks)) < np.linspace(0.8, 0.3, n_tasks)
    mask[0], mask[1, 0] = True, False
    if empty_task:
        mask[:, rng.integers(n_tasks)] = False
    Y = rng.normal(2.0, 1.0, (n, n_tasks))
    if hidden is not None:
        Y[~mask] = hidden
    return batch(rng.normal(1.0, 2.0, (n, n_tasks)), Y, mask, rng.uniform(0.5, 3.0, n_tasks), dtype)


def cases(rng, hidden=None):
    """Small cases first: a failure then shows the smallest input on which the answer is wrong."""
    hidden_or_0 = 0.0 if hidden is None else hidden
    yield tiny(hidden_or_0)
    yield batch([[1.0], [3.0], [5.0]], [[1.0], [5.0], [hidden_or_0]], [[True], [True], [False]], [2.0])  # an error of 0
    yield random_batch(rng, 5, 1, np.float64, hidden)
    for dtype in (np.float64, np.float32):
        yield random_batch(rng, 8, 3, dtype, hidden)
    yield random_batch(rng, 3, 5, np.float64, hidden)


def complete(rng):
    """Every label is observed: what is wrong here is wrong in the way the tasks are added up."""
    yield batch([[1.0, 2.0]], [[3.0, 1.0]], [[True, True]], [2.0, 0.5])
    for n_tasks, dtype in ((1, np.float64), (3, np.float64), (3, np.float32), (5, np.float64)):
        pred, Y, mask, weights = random_batch(rng, 6, n_tasks, dtype)
        yield pred, Y, np.ones_like(mask), weights


def in_other_units():
    """Labels and weights that are large or small."""
    for unit, weight in ((1e4, 1e-6), (1e-4, 1e6)):
        pred, Y, mask, weights = tiny()
        yield unit * pred, unit * Y, np.ones_like(mask), weight * weights


def empty(rng):
    yield batch([[1.0, 2.0]], [[3.0, NAN]], [[True, False]], [2.0, 0.5])
    yield batch([[1.0, 2.0]], [[5.0, NAN]], [[False, False]], [2.0, 0.5])
    for dtype in (np.float64, np.float32):
        yield random_batch(rng, 6, 3, dtype, NAN, empty_task=True)


def sent(case):
    return tuple(map(tensor, case))


def assert_per_task(student, *asked):
    assert_part(student, 1, losses, asked, "the losses of the tasks")


def assert_totals(student, *asked):
    assert_part(student, 0, total, asked, "the total")


def assert_part(student, place, right, asked, what):
    """One of both things alone: whoever is wrong in each is told both."""

    def read(answer, inputs):
        is_pair, found = several(answer, 2)
        summary = "Two things must come back: the total, then the losses of the tasks."
        assert_true(bool(is_pair), summary, inputs, "a total and the losses of the tasks", found)
        return found

    def right_of(pred, Y, mask, weights, place):
        return right(pred, Y, mask, weights)

    def send(argument):
        return tensor(argument) if isinstance(argument, np.ndarray) else argument

    cases = [(*case, place) for case in asked]
    agree(student, cases, right_of, NAMES, send=send, scenario=scenarios.part, read=read, what=what)


def assert_both(student, *asked, **tolerance):
    def right(*case):
        return np.array([total(*case), *losses(*case)])

    def read(answer, inputs):
        first, rest = several(answer, 2, "the total with the losses of the tasks", inputs)
        return np.concatenate([np.ravel(to_array(part, "the answer")) for part in (first, rest)])

    what = "the total, then the losses of the tasks"
    agree(student, asked, right, NAMES, send=tensor, read=read, what=what, **tolerance)


def assert_gradients(student, *asked):
    def read(answer, inputs):
        _, gradient = several(answer, 2, "the losses with the gradient", inputs)
        assert_true(gradient is not None, "The total carries no gradient back to `pred`: stay in torch.", inputs)
        return without_a_leak(gradient, ~inputs["mask"], inputs, "the gradient of the total")

    what, scenario = "the gradient of the total", scenarios.values_and_gradient
    agree(student, asked, slopes, NAMES, send=tensor, scenario=scenario, read=read, what=what)


@points(2)
def test_per_task(student, rng):
    """Each task's loss is the mean over its own observed rows, without its weight."""
    assert_per_task(student, *cases(rng), *in_other_units())


@points(2)
def test_total(student, rng):
    """The total is the sum of weight times loss over the tasks, here with every label observed."""
    assert_totals(student, *complete(rng), *in_other_units())


@points(1)
def test_stale_labels(student, rng):
    """A label that is not observed may hold any number; it never changes the result."""
    assert_both(student, *cases(rng, hidden=1e3), *cases(rng, hidden=-1e6))


@points(1)
def test_missing_labels(student, rng):
    """Labels that are not observed may be NaN, infinite or huge; everything stays finite and right."""
    assert_both(student, *(case for hidden in (NAN, INF, -INF, 1e30) for case in cases(rng, hidden)))


@points(1)
def test_empty_task(student, rng):
    """A task without labels in the batch costs exactly 0 and leaves the others alone."""
    assert_both(student, *empty(rng), atol=0)


@points(2)
@depends("test_total")
def test_gradient(student, rng):
    """The gradient of the total is right, and exactly 0 where there is no label, also beside NaN and infinity."""
    assert_gradients(student, *cases(rng, NAN), *cases(rng), *cases(rng, INF), *complete(rng), *empty(rng))


@points(1)
@depends("test_total")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, map(sent, cases(rng, hidden=NAN)), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*sent(tiny(NAN)), after=True)
    yield probe(*sent(batch([[1.0]], [[2.0]], [[True]], [1.0])), scenario=scenarios.shortfall)
    asked = [tiny(), *list(cases(rng))[1:2], random_batch(rng), random_batch(rng, 6, 4, hidden=1e3)]
    asked += [random_batch(rng, 4, 4, hidden=NAN), tiny(INF), random_batch(rng, 5, 1), next(complete(rng))]
    asked += [random_batch(rng, 5, 2, np.float32), *empty(rng)]
    for case in asked:
        yield probe(*sent(case), scenario=scenarios.values_and_gradient)
