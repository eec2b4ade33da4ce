"""loss_shares(losses (T,), weights (T,)) -> (T,): each task's part of the weighted total."""

import functools

import numpy as np

from autograder import testing
from autograder.testing import INPUTS_LEFT, assert_all_unchanged, believes, depends, points, probe

NAMES = ("losses", "weights")
SOURCE = np.array([0.25, 4.0]), np.array([2.0, 0.5])


def right(losses, weights):
    terms = losses.astype(float) * weights.astype(float)
    return terms / terms.sum()


agree = functools.partial(testing.agree, right=right, names=NAMES, what="the answer")


def draw(rng, count, lowest=0.1):
    return rng.uniform(lowest, 5, count), rng.uniform(lowest, 3, count)


@points(1.5)
def test_value(student, rng):
    """A task's share is its weight times its loss, divided by the weighted total."""
    cases = [SOURCE, (np.array([1.0, 1.0]), np.array([3.0, 1.0]))]
    for count in (2, 3, 7):
        for dtype in (np.float64, np.float32):
            losses, weights = draw(rng, count)
            cases.append((losses.astype(dtype), weights.astype(dtype)))
    agree(student, cases)


@points(0.5)
@depends("test_value")
def test_one_task(student, rng):
    """A task on its own has the whole loss: a share of 1, still of shape (1,)."""
    agree(student, [(np.array([4.0]), np.array([0.5])), draw(rng, 1)])


@points(0.5)
def test_nothing_to_share(student, rng):
    """A task whose weight or loss is 0 has a share of 0."""
    losses, weights = draw(rng, 4)
    losses[1] = weights[3] = 0.0
    agree(student, [(np.array([3.0, 2.0]), np.array([0.0, 1.0])), (losses, weights)], atol=1e-12)


@points(1)
def test_any_size(student, rng):
    """Shares have no unit: losses or weights of millions or of millionths are shared out alike."""
    losses, weights = draw(rng, 3, lowest=0.5)
    thousandths = np.array([0.001, 0.003]), np.array([0.001, 0.001])
    cases = [thousandths, (np.array([1e-7, 3e-7]), np.array([1e-6, 1e-6]))]
    for factor in (1e6, 1e-6):
        cases += [(losses * factor, weights), (losses, weights * factor), (losses * factor, weights * factor)]
    agree(student, cases)


@points(0.5)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """Losses and weights are as they were before the call."""
    assert_all_unchanged(student, (SOURCE, draw(rng, 3)), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*SOURCE)
    yield probe(*SOURCE, after=True)
    yield probe(np.array([4.0]), np.array([0.5]))
    yield probe(np.array([3.0, 2.0, 0.0]), np.array([0.0, 1.0, 1.0]))
    losses, weights = draw(rng, 5, lowest=0.5)
    for factor in (1.0, 1e-9):
        yield probe(losses * factor, weights * factor)
