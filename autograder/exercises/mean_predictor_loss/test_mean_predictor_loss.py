"""mean_predictor_loss(Y (n, T)) -> (T,): each task's mean squared error when its mean is predicted."""

import functools

import numpy as np

from autograder import testing
from autograder.testing import INPUTS_LEFT, assert_all_unchanged, believes, depends, points, probe

SMALL = np.array([[1.0, 10.0], [3.0, 30.0]])


def right(Y):
    Y = Y.astype(float)
    return ((Y - Y.mean(axis=0)) ** 2).mean(axis=0)


agree = functools.partial(testing.agree, right=right, names=("Y",), what="the loss")


def labels(rng, n, count, dtype=np.float64):
    """Tasks of different spread, each with an offset of about its own spread."""
    spread = 10 ** rng.uniform(-0.5, 1, count)
    return ((rng.gamma(2.0, 1.0, (n, count)) + rng.normal(0, 1, count)) * spread).astype(dtype)


@points(1.5)
def test_value(student, rng):
    """The loss of a task is the mean squared distance of its labels from their own mean."""
    small = np.array([[1.0], [3.0]]), SMALL, np.array([[1.0, 0.0], [3.0, 0.0], [8.0, 3.0]])
    sizes = ((2, 3), (3, 2), (5, 5), (40, 3))
    others = (labels(rng, n, count, dtype) for n, count in sizes for dtype in (np.float64, np.float32))
    agree(student, [(Y,) for Y in (*small, *others, 1e5 * SMALL, 1e-5 * SMALL)])


@points(1)
def test_offset(student, rng):
    """Adding 300 to the labels of a task changes nothing, in float32 too, to the digits with which they are stored."""
    offset = np.array([300.0, -300.0, 300.0, -300.0])
    others = ((rng.gamma(2.0, 1.0, (30, 4)) + offset).astype(dtype) for dtype in (np.float64, np.float32))
    agree(student, [(Y,) for Y in (SMALL + 300, *others)])


@points(0.5)
def test_rare_rain(student, rng):
    """Many zeros and a few large values: the range is large, the loss is what counts."""
    rain = rng.gamma(0.8, 8.0, 50) * (rng.random(50) < 0.4)
    small = np.array([[0.0, -10.0], [0.0, 15.0], [0.0, 40.0], [8.0, 15.0]])
    agree(student, [(small,), (np.column_stack([rng.uniform(-10, 40, 50), rain]),)])


@points(0.5)
def test_nothing_varies(student, rng):
    """A task whose labels are all equal, or a single row, has a loss of 0."""
    tenths = np.array([[0.1, 1.0], [0.1, 3.0], [0.1, 8.0]])  # their mean in float32 is another number
    single = np.array([[5.0, 2.0]]), rng.normal(0, 9, (1, 3))
    agree(student, [(Y,) for Y in (np.array([[5.0, 1.0], [5.0, 3.0]]), tenths, tenths.astype(np.float32), *single)])


@points(0.5)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The labels are as they were before the call."""
    assert_all_unchanged(student, [(Y,) for Y in (SMALL, labels(rng, 6, 3))], ("Y",))


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(SMALL)
    yield probe(SMALL, after=True)
    yield probe(np.array([[1.0, 0.0], [3.0, 0.0], [8.0, 3.0]]))
    yield probe((np.array([[1.0, 2.0], [1.5, 2.25], [3.0, 2.5]]) + 300).astype(np.float32))
    yield probe(np.array([[5.0, 2.0]]))
    yield probe(labels(rng, 4, 4))
    yield probe(labels(rng, 7, 3))
