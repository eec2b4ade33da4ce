"""loss_shares(losses (T,), weights (T,)) -> (T,): each task's part of the weighted total."""

import numpy as np

from autograder.testing import assert_close, assert_unchanged, depends, points, probe

NAMES = ("losses", "weights")
SOURCE = np.array([0.25, 4.0]), np.array([2.0, 0.5])


def right(losses, weights):
    terms = losses.astype(float) * weights.astype(float)
    return terms / terms.sum()


def agree(student, losses, weights):
    inputs = {"losses": losses, "weights": weights}
    assert_close(student(losses, weights), right(losses, weights), inputs, what="the answer")


@points(3)
def test_value(student, rng):
    """A task's share is its weight times its loss, as a part of the weighted total."""
    agree(student, *SOURCE)
    agree(student, np.array([1.0, 1.0]), np.array([3.0, 1.0]))
    for count in (2, 3, 7):
        for dtype in (np.float64, np.float32):
            agree(student, rng.uniform(0.1, 5, count).astype(dtype), rng.uniform(0.1, 3, count).astype(dtype))


@points(1)
def test_one_task(student, rng):
    """A task on its own has the whole loss: a share of 1, still of shape (1,)."""
    agree(student, np.array([4.0]), np.array([0.5]))
    agree(student, rng.uniform(0.1, 5, 1), rng.uniform(0.1, 3, 1))


@points(1)
def test_nothing_to_share(student, rng):
    """A task whose weight or loss is 0 has a share of 0."""
    agree(student, np.array([3.0, 2.0]), np.array([0.0, 1.0]))
    losses, weights = rng.uniform(0.1, 5, 4), rng.uniform(0.1, 3, 4)
    losses[1] = weights[3] = 0.0
    agree(student, losses, weights)


@points(2)
@depends("test_value")
def test_any_size(student, rng):
    """Shares have no unit: losses of millions or of millionths are shared out alike."""
    losses, weights = rng.uniform(0.5, 5, 3), rng.uniform(0.5, 3, 3)
    agree(student, np.array([0.001, 0.003]), np.array([0.001, 0.001]))
    for factor in (1e6, 1e-6):
        agree(student, losses * factor, weights)
        agree(student, losses, weights * factor)


@points(1)
def test_inputs_unchanged(student, rng):
    """Losses and weights are as they were before the call."""
    for losses, weights in (SOURCE, (rng.uniform(0.1, 5, 3), rng.uniform(0.1, 3, 3))):
        assert_unchanged(student, losses, weights, names=NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*SOURCE)
    yield probe(*SOURCE, after=True)
    yield probe(np.array([4.0]), np.array([0.5]))
    yield probe(np.array([3.0, 2.0, 0.0]), np.array([0.0, 1.0, 1.0]))
    losses, weights = rng.uniform(0.5, 5, 5), rng.uniform(0.5, 3, 5)
    for factor in (1.0, 1e-6):
        yield probe(losses * factor, weights)
