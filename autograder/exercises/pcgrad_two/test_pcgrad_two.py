"""pcgrad_two(g1 (d,), g2 (d,)) -> (d,): in conflict each is projected off the other original, then summed."""

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, believes, depends, points, probe

NAMES = ("g1", "g2")
CONFLICT = np.array([2.0, 0.0]), np.array([-1.0, 1.0])
AGREE = np.array([1.0, 0.0]), np.array([1.0, 1.0])


def right(g1, g2):
    """In float64, whatever came in."""
    a, b = g1.astype(float), g2.astype(float)
    inner = np.sum(a * b)
    if inner >= 0:
        return a + b
    return a - inner / np.sum(b * b) * b + b - inner / np.sum(a * a) * a


def draw(rng, size, sign, dtype=np.float64):
    """Two gradients of different lengths whose inner product has the given sign and is not close to 0."""
    g1, noise = rng.normal(size=(2, size))
    g2 = 3.0 * (sign * rng.uniform(0.3, 0.9) * g1 + 0.5 * noise)
    if np.sign(g1 @ g2) != sign:
        g2 = -g2
    return g1.astype(dtype), g2.astype(dtype)


def verify(student, *cases):
    cases = [tuple(case) for case in cases]
    # Where much cancels, float32 knows the sum only to the rounding of what was added.
    for dtype, rough in ((np.float64, {}), (np.float32, {"atol": 1e-4})):
        agree(student, [case for case in cases if case[0].dtype == dtype], right, NAMES, **rough)


@points(2)
def test_conflict(student, rng):
    """Where the gradients point against each other, each loses its part along the other, and the two are added."""
    sizes = ((2, np.float64), (3, np.float32), (5, np.float64), (60, np.float64))
    others = (draw(rng, size, -1, dtype) for size, dtype in sizes for _ in range(3))
    verify(student, CONFLICT, (np.array([1.0, 2.0, 0.0]), np.array([0.0, -1.0, 3.0])), *others)


@points(2)
def test_agreement(student, rng):
    """Where they do not conflict nothing is changed: the answer is the plain sum."""
    sizes = ((1, np.float64), (2, np.float64), (3, np.float32), (60, np.float64))
    others = (draw(rng, size, 1, dtype) for size, dtype in sizes for _ in range(3))
    verify(student, AGREE, (np.array([1.0, 0.0]), np.array([0.0, 3.0])), *others)


@points(1)
@depends("test_conflict")
def test_opposite(student, rng):
    """Two gradients in exactly opposite directions leave nothing, whatever their lengths."""
    g1 = rng.normal(size=4)
    small = (np.array([1.0, 0.0]), np.array([-4.0, 0.0])), (np.array([2.0]), np.array([-3.0]))
    verify(student, *small, (g1, -2.0 * g1))


@points(1)
@depends("test_conflict")
def test_zero_gradient(student, rng):
    """A zero gradient changes nothing and gives no NaN."""
    cases = []
    for size in (2, 5):
        other, zero = rng.normal(size=size), np.zeros(size)
        cases += [(other, zero), (zero, other), (zero, zero)]
    verify(student, *cases)


@points(1)
def test_tiny_gradients(student, rng):
    """Gradients of size 1e-6 or 1e6 are treated like others."""
    others = ([scale * g for g in draw(rng, 6, -1)] for scale in (1e-6, 1e6))
    verify(student, [1e-6 * g for g in CONFLICT], *others)


@points(1)
@depends("test_conflict")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [draw(rng, 4, sign) for sign in (-1, 1)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    for pair in (CONFLICT, AGREE, (np.array([1.0, 0.0]), np.array([-4.0, 0.0]))):
        yield probe(*pair)
    for size in (2, 5):
        for sign in (-1, 1):
            yield probe(*draw(rng, size, sign), after=True)
    yield probe(*(1e-6 * g for g in CONFLICT))
    yield probe(*(1e-6 * g for g in draw(rng, 4, -1)))
    yield probe(np.array([1.0, 2.0]), np.zeros(2))
    yield probe(np.zeros(2), np.array([1.0, 2.0]))
