"""fit_label_scaler(Y_train (n, T)) -> (mean (T,), scale (T,)): location and scale of every task."""

import numpy as np

from autograder.testing import (
    INPUTS_LEFT,
    CheckFailure,
    agree,
    assert_all_unchanged,
    assert_close,
    believes,
    depends,
    points,
    probe,
    to_array,
)

NAMES = ("Y_train",)
SMALL = np.array([[1.0, 10.0], [3.0, 30.0]])
EXACT = (
    *(np.full((2, 1), value) for value in (5.0, 0.0)),
    np.array([[5.0, 1.0], [5.0, 7.0]]),
    np.array([[0.0, 1.0, -2.0]]),
)
# Each of these columns looks constant to a comparison that leaves labels out, or rounds them.
LOOKS_CONSTANT = (
    np.array([[1.0, 10.0], [4.0, 30.0], [1.0, 50.0]]),
    np.array([[2.0, 10.0], [2.0, 30.0], [5.0, 50.0]]),
    np.array([[7.0, 10.0], [2.0, 30.0], [2.0, 50.0]]),
    np.array([[3.0, 10.0], [6.0, 30.0], [6.0, 40.0], [9.0, 50.0]]),
    np.array([[0.75, 10.0], [1.0, 30.0], [1.25, 50.0]]),
    np.array([[1.25, 10.0], [1.5, 30.0], [1.75, 50.0]]),
    np.array([[2.0, 10.0], [1.0, 30.0], [3.0, 50.0]]),
    np.array([[1.0, 10.0], [4.0, 30.0], [4.0, 20.0], [4.0, 70.0], [9.0, 50.0]]),
    np.array([[-3.0, 10.0], [1.0, 30.0], [2.0, 50.0]]),
)
# The computed deviation of these equal labels is not 0: 1e-17, 1e-8, and in float32 6e-8 and 8.
NOT_QUITE_ZERO = (
    (np.float64, 3, 0.1),
    (np.float64, 3, 123456789.1),
    (np.float32, 7, 0.7),
    (np.float32, 7, 123456789.1),
)


def right_mean(Y):
    return Y.astype(float).mean(axis=0)


def right_scale(Y):
    """The deviation in float64; which columns are constant is decided by the labels themselves."""
    scale = Y.astype(float).std(axis=0)
    scale[np.ptp(Y, axis=0) == 0] = 1.0
    return scale


def pair(got, inputs):
    """The two halves of the answer; a pair may come as a tuple, a list or an array with two rows."""
    got = got.array if hasattr(got, "array") else got
    is_pair = isinstance(got, (tuple, list)) or (isinstance(got, np.ndarray) and got.ndim > 0)
    if is_pair and len(got) == 2:
        return got
    raise CheckFailure("A pair was expected: the means and the scales.", inputs, "(mean, scale)", got)


def mean_agrees(student, *tables):
    cases = [(Y,) for Y in tables]
    agree(student, cases, right_mean, NAMES, read=lambda got, inputs: pair(got, inputs)[0], what="the mean")


def scale_agrees(student, *tables):
    cases = [(Y,) for Y in tables]
    agree(student, cases, right_scale, NAMES, read=lambda got, inputs: pair(got, inputs)[1], what="the scale")


def labels(rng, n, count, dtype=np.float64):
    spread = 10 ** rng.uniform(-1, 1, count)
    return ((rng.normal(0, 1, (n, count)) + rng.normal(0, 2, count)) * spread).astype(dtype)


def beside_another(dtype, n, value):
    """A column of equal labels, and one that counts."""
    return np.column_stack([np.full(n, value), np.arange(n)]).astype(dtype)


@points(1)
def test_mean(student, rng):
    """The first part of the answer is the mean of each column."""
    mean_agrees(student, SMALL, *(labels(rng, n, count) for n, count in ((4, 1), (3, 3), (20, 4))))


@points(1.5)
def test_scale(student, rng):
    """The second part is the population standard deviation of each column."""
    sizes = ((4, 1), (2, 3), (5, 5), (20, 4))
    others = (labels(rng, n, count, dtype) for n, count in sizes for dtype in (np.float64, np.float32))
    scale_agrees(student, SMALL, np.array([[1.0, 0.0], [3.0, 0.0], [8.0, 3.0]]), *others)


@points(1.5)
def test_constant_column(student, rng):
    """A column whose labels are all equal keeps its mean and gets a scale of exactly 1; no other column does."""
    Y = labels(rng, 8, 4)
    Y[:, int(rng.integers(4))] = 2.5
    tables = *EXACT, *(beside_another(*equal) for equal in NOT_QUITE_ZERO), *LOOKS_CONSTANT, Y, SMALL
    scale_agrees(student, *tables)
    mean_agrees(student, *tables)


@points(1)
@depends("test_scale")
def test_small_units(student, rng):
    """Labels that vary by a billionth, or by a billion, are not constant: their scale is not replaced."""
    scale_agrees(student, SMALL * 1e-6, *(labels(rng, 10, 3) * factor for factor in (1e-9, 1e-6, 1e6)))
    scale_agrees(student, *((labels(rng, 10, 3) * factor).astype(np.float32) for factor in (1e-8, 1e8)))


@points(0.5)
@depends("test_mean", "test_scale", "test_constant_column")
def test_standardises(student, rng):
    """Scaled with these numbers, the training labels have mean 0 and standard deviation 1; a constant label is 0."""
    Y = labels(rng, 12, 3) + np.array([0.0, 300.0, 0.0])
    Y[:, 2] = 0.1
    inputs = {"Y_train": Y}
    mean, scale = (to_array(half) for half in pair(student(Y), inputs))
    z = (Y - mean) / scale
    assert_close(z.mean(axis=0), np.zeros(3), inputs, atol=1e-7, what="the mean of the scaled labels")
    assert_close(z.std(axis=0), [1.0, 1.0, 0.0], inputs, what="the deviation of the scaled labels")


@points(0.5)
@depends("test_mean")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The labels are as they were before the call."""
    assert_all_unchanged(student, [(Y,) for Y in (SMALL, labels(rng, 6, 3))], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(SMALL)
    yield probe(SMALL, after=True)
    for factor in (1e-6, 3e-9):
        yield probe(SMALL * factor)
    yield probe(np.array([[1.0, 0.0], [3.0, 0.0], [8.0, 3.0]]))
    for table in (*EXACT, *LOOKS_CONSTANT):
        yield probe(table)
    for equal in NOT_QUITE_ZERO:
        yield probe(beside_another(*equal))
    yield probe(labels(rng, 4, 4))
    yield probe(labels(rng, 9, 3))
