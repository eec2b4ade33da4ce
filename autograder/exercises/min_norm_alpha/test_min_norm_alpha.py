"""min_norm_alpha(g1 (d,), g2 (d,)) -> float in [0, 1]: the alpha that makes |alpha g1 + (1 - alpha) g2| smallest."""

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, believes, depends, points, probe

NAMES = ("g1", "g2")
CORNER = np.array([1.0, 0.0]), np.array([0.0, 2.0])  # alpha = 4 / (1 + 4)

NEARLY_EQUAL = (
    (np.array([1.0, 2.0]), np.array([1.000001, 2.000002])),  # the first is the shorter one: 1
    (np.array([1.000001, 2.000002]), np.array([1.0, 2.0])),
    (np.array([1.0, 0.001]), np.array([1.0, -0.003])),  # 3/4
)


def right(g1, g2):
    """In float64, and with the gradients brought to an ordinary size first."""
    if np.array_equal(g1, g2):
        return 0.5
    size = max(np.abs(g1).max(), np.abs(g2).max())
    a, b = g1.astype(float) / size, g2.astype(float) / size
    return float(np.clip(np.sum((b - a) * b) / np.sum((a - b) ** 2), 0.0, 1.0))


def verify(student, *cases):
    """A search for the minimum is as right as the formula; in float32 a length tells alpha to about 1e-3 only."""
    cases = [tuple(case) for case in cases]
    for dtype, tolerance in ((np.float64, 1e-4), (np.float32, 5e-3)):
        some = [case for case in cases if case[0].dtype == dtype]
        agree(student, some, right, NAMES, rtol=0, atol=tolerance, what="alpha")


def draw(rng, size, dtype=np.float64, scale=1.0):
    """Two gradients whose shortest mix lies well between them."""
    middle, direction = rng.normal(size=(2, size)) if size > 1 else (np.zeros(1), np.ones(1))
    direction /= np.linalg.norm(direction)
    middle -= (middle @ direction) * direction
    before, after = rng.uniform(0.3, 3.0, 2)
    g1, g2 = middle + before * direction, middle - after * direction
    return (scale * g1).astype(dtype), (scale * g2).astype(dtype)


@points(3)
def test_between(student, rng):
    """Alpha is the weight of g1 in the shortest mix of the two."""
    sizes = ((1, np.float64), (2, np.float64), (3, np.float32), (50, np.float64))
    others = (draw(rng, size, dtype) for size, dtype in sizes for _ in range(3))
    verify(student, CORNER, (np.array([3.0, 1.0]), np.array([-1.0, 1.0])), *others)


@points(2)
def test_ends(student, rng):
    """Where one gradient is already the shortest mix it gets all the weight: exactly 0 or 1 belongs to it."""
    one, other = np.array([1.0, 0.0]), np.array([3.0, 1.0])
    cases = [(one, other), (other, one)]
    for size in (1, 4):
        short = rng.normal(size=size)
        long, zero = rng.uniform(1.5, 4.0) * short, np.zeros(size)
        cases += [(short, long), (long, short), (short, zero), (zero, short)]
    verify(student, *cases)


@points(1)
@depends("test_between")
def test_equal_gradients(student, rng):
    """Two exactly equal gradients, both zero included, give 0.5."""
    several = (np.array([1.0, 2.0]), np.zeros(3), rng.normal(size=4).astype(np.float32))
    verify(student, *((gradient, gradient.copy()) for gradient in several))


@points(1)
@depends("test_between")
def test_scale_of_one(student, rng):
    """Making one gradient ten times longer moves the weight to the other."""
    g1, g2 = draw(rng, 3)
    verify(student, *((g1, factor * g2) for factor in (1.0, 10.0, 100.0)))


@points(1)
@depends("test_between")
def test_tiny_gradients(student, rng):
    """Alpha is right also where both gradients are as small as 1e-9, or nearly equal without being equal."""
    tiny = [1e-9 * g for g in CORNER]
    verify(student, tiny, *NEARLY_EQUAL, *(draw(rng, 5, scale=scale) for scale in (1e-9, 1e-4, 1e6)))


@points(1)
@depends("test_between")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [draw(rng, size) for size in (2, 5)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*CORNER)
    yield probe(np.array([1.0, 0.0]), np.array([3.0, 1.0]))
    yield probe(np.array([3.0, 1.0]), np.array([1.0, 0.0]))
    yield probe(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    yield probe(np.zeros(2), np.zeros(2))
    for pair in (*NEARLY_EQUAL, [1e-4 * g for g in CORNER]):
        yield probe(*pair)
    for scale in (1.0, 1e-9):
        yield probe(*draw(rng, 3, scale=scale), after=True)
        yield probe(*draw(rng, 6, scale=scale))
