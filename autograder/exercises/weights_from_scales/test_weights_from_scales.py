"""weights_from_scales(scales (T,)) -> (T,): weights on raw MSEs that give the loss of the scaled labels."""

import numpy as np

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
    to_array,
)

NAMES = ("scales",)


def right(scales):
    return 1.0 / np.square(scales.astype(float))


def verify(student, *several):
    # Weights may differ by many orders of magnitude: every one is compared with itself, not with the largest.
    agree(student, [(scales,) for scales in several], right, NAMES, atol=0)


@points(1.5)
def test_value(student, rng):
    """A weight undoes what the scale does to a squared error."""
    others = (rng.uniform(0.5, 20, count).astype(dtype) for count in (1, 3, 6) for dtype in (np.float64, np.float32))
    verify(student, np.array([2.0, 10.0]), np.array([0.5, 4.0]), *others)


@points(1)
@depends("test_value")
def test_same_loss(student, rng):
    """The weighted total of the raw errors equals the total of the errors in scaled units, not only their ratios."""
    cases = []
    for count in (2, 4):
        scales = rng.uniform(0.5, 200, count)
        cases.append((scales, rng.normal(size=(30, count)) * scales))
    for (scales, errors), got in zip(cases, student.each((scales,) for scales, _ in cases)):
        raw, scaled = (errors**2).mean(0), ((errors / scales) ** 2).mean(0)
        inputs = {"scales": scales, "MSE of the raw labels": raw, "MSE of labels / scale": scaled}
        weights = to_array(got, "the weights")
        assert_true(weights.shape == scales.shape, f"The weights have shape {weights.shape}.", inputs)
        assert_close((weights * raw).sum(), scaled.sum(), inputs, what="the weighted total")


@points(1)
def test_far_apart(student, rng):
    """Scales from 0.0001 to 10000 are served in one call; a scale of exactly 1 keeps its weight of 1."""
    small = ([1.0, 100.0], [0.001, 1.0, 1000.0], [0.0001, 10000.0], [3000.0])
    verify(student, *map(np.array, small), 10.0 ** rng.uniform(-4, 4, 5))


@points(0.5)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The scales are as they were before the call."""
    assert_all_unchanged(student, [(np.array([2.0, 10.0]),), (rng.uniform(0.5, 200, 3),)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(np.array([2.0, 10.0]))
    yield probe(np.array([2.0, 10.0]), after=True)
    yield probe(np.array([10.0, 2.0, 3.0]))
    yield probe(np.array([7.0]))
    yield probe(np.array([0.001]))
    yield probe(np.array([0.0001]))
    yield probe(np.array([3000.0]))
    yield probe(rng.uniform(0.5, 5, 5))
