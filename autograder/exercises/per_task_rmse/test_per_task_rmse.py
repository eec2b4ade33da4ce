"""per_task_rmse(y_true (N,T), y_pred (N,T), mask (N,T) bool) -> (T,): each task's error over its own labels."""

import functools
import math

import numpy as np

from autograder import testing
from autograder.testing import INPUTS_LEFT, assert_all_unchanged, believes, depends, points, probe

NAMES = ("y_true", "y_pred", "mask")
NAN, INF = np.nan, np.inf


def right(y_true, y_pred, mask):
    """One task at a time, in plain Python."""

    def of_task(labels, predictions, seen):
        squares = [(t - p) ** 2 for t, p, here in zip(labels, predictions, seen) if here]
        return math.sqrt(math.fsum(squares) / len(squares)) if squares else NAN

    return np.array([of_task(*columns) for columns in zip(y_true.T.tolist(), y_pred.T.tolist(), mask.T.tolist())])


# Tasks have units that differ by orders of magnitude, so every error is compared with itself.
agree = functools.partial(testing.agree, right=right, names=NAMES, atol=0, what="the RMSE")


def table(y_true, y_pred, mask=None):
    y_true = np.array(y_true, float)
    return y_true, np.array(y_pred, float), np.ones(y_true.shape, bool) if mask is None else np.array(mask, bool)


TINY = table([[1e-7], [2e-7]], [[4e-7], [6e-7]])


def draw(rng, rows, tasks, dtype=np.float64, hidden=None, units=(1.0, 10.0, 1e3)):
    """Tasks in different units, with different numbers of observed labels, at least one each."""
    units = rng.choice(units, tasks)
    labels = rng.normal(1.0, 1.0, (rows, tasks))
    predictions = labels + rng.normal(0.2, 0.5, (rows, tasks))
    mask = rng.random((rows, tasks)) < np.linspace(0.8, 0.3, tasks)
    mask[0], mask[1, 0] = True, False
    y_true = (units * labels).astype(dtype)
    if hidden is not None:
        y_true[~mask] = hidden
    return y_true, (units * predictions).astype(dtype), mask


def complete(rng):
    """Every label is observed."""
    yield table([[1.0], [2.0]], [[1.0], [4.0]])
    yield table([[1.0, 10.0], [2.0, 20.0]], [[4.0, 10.0], [6.0, 24.0]])
    for rows, tasks, dtype in ((1, 3, np.float64), (6, 1, np.float64), (4, 4, np.float64), (8, 3, np.float32)):
        y_true, y_pred, mask = draw(rng, max(rows, 2), tasks, dtype)
        yield y_true[:rows], y_pred[:rows], np.ones_like(mask[:rows])


def with_gaps(rng, hidden=0.0):
    """Small cases first; ``hidden`` stands in place of every label that is not observed."""
    yield table([[1.0, 10.0], [2.0, hidden]], [[4.0, 13.0], [6.0, 21.0]], [[True, True], [True, False]])
    yield table([[1.0], [3.0], [hidden]], [[1.0], [5.0], [5.0]], [[True], [True], [False]])  # an error of 0
    for rows, tasks, dtype in ((5, 1, np.float64), (8, 3, np.float64), (8, 3, np.float32), (4, 5, np.float64)):
        yield draw(rng, rows, tasks, dtype, hidden)


def with_nothing(rng, hidden):
    """A task, or all of them, without a label."""
    yield table([[1.0, hidden], [2.0, hidden]], [[4.0, 1.0], [6.0, 1.0]], [[True, False], [True, False]])
    yield table([[hidden]], [[1.0]], [[False]])
    for place, dtype in ((0, np.float64), (1, np.float64), (2, np.float32)):
        y_true, y_pred, mask = draw(rng, 6, 3, dtype, hidden)
        mask[:, place], y_true[:, place] = False, hidden
        yield y_true, y_pred, mask


@points(1)
def test_all_observed(student, rng):
    """With every label observed, each task gets the root of the mean of its squared errors."""
    agree(student, complete(rng))


@points(2)
def test_own_rows(student, rng):
    """Each task is averaged over its own observed labels; others may hold any number."""
    agree(student, [*with_gaps(rng), *with_gaps(rng, hidden=-1e3)])


@points(1)
def test_hidden(student, rng):
    """A label that is not observed may also be NaN, infinite or huge."""
    agree(student, [case for hidden in (NAN, INF, -INF, 1e30) for case in with_gaps(rng, hidden)])


@points(1)
@depends("test_all_observed")
def test_nothing_observed(student, rng):
    """A task without an observed label gets NaN, and the others their number."""
    agree(student, [case for hidden in (0.0, -1e3) for case in with_nothing(rng, hidden)])


@points(1)
def test_units(student, rng):
    """A task in a tiny or a huge unit gets as exact an error as any other."""
    cases = [TINY, *(draw(rng, 4, tasks, units=(1e-9, 1e-6, 1e6, 1e9)) for tasks in (2, 4))]
    agree(student, [(y_true, y_pred, np.ones_like(mask)) for y_true, y_pred, mask in cases])


@points(1)
@depends("test_all_observed")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [*with_gaps(rng), *with_gaps(rng, NAN)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    for case in (*complete(rng), *with_gaps(rng), *with_nothing(rng, NAN), *with_nothing(rng, 0.0)):
        yield probe(*case)
    yield probe(*TINY)
    for hidden in (NAN, INF, 1e30):
        yield probe(*next(with_gaps(rng, hidden)), after=True)
    yield probe(*draw(rng, 6, 3, np.float32, 1e30))
