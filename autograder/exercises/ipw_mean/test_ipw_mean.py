"""ipw_mean(y (N,), observed (N,) 0/1, propensity (N,), self_normalised=False, clip=0.05) -> float."""

import numpy as np

from autograder.testing import INPUTS_LEFT, assert_close, assert_unchanged, believes, depends, points, probe

NAMES = ("y", "observed", "propensity", "self_normalised", "clip")
SMALLEST = np.array([1.0, 9.0, 4.0]), np.array([1, 0, 1]), np.array([0.5, 0.5, 0.25])
RARE = np.array([3.0, 5.0]), np.array([1, 0]), np.array([0.01, 0.9])


def right(y, observed, propensity, self_normalised=False, clip=0.05):
    """The weighted total of the observed rows over all rows, or over their weights."""
    total = weight = 0.0
    for value, seen, chance in zip(y.tolist(), observed.tolist(), propensity.tolist()):
        if seen:
            weight += 1 / max(chance, clip)
            total += value / max(chance, clip)
    return total / (weight if self_normalised else len(y))


def cases(rng, lowest=0.11):
    """Small cases first; propensities from ``lowest`` up, values of both signs, both dtypes."""
    yield SMALLEST
    yield np.array([7.0]), np.array([1]), np.array([0.5])
    for size, dtype in ((6, np.float64), (30, np.float32), (200, np.float64)):
        observed = (rng.random(size) < 0.5).astype(int if size != 30 else dtype)
        observed[rng.choice(size, 2, replace=False)] = 1, 0
        propensity = np.exp(rng.uniform(np.log(lowest), 0.0, size))
        y = rng.normal(2.0, 3.0, size)
        if dtype == np.float32:  # of one sign: rounding must not cost a right answer its digits
            y = 0.5 + np.abs(y)
        yield y.astype(dtype), observed, propensity.astype(dtype)


def verify(student, *asked):
    for case, mean in zip(asked, student.each(asked)):
        assert_close(mean, right(*case), dict(zip(NAMES, case)))


@points(2)
def test_ips(student, rng):
    """Each observed row counts 1/propensity times, and the total is divided by the number of ALL rows."""
    verify(student, *cases(rng))


@points(2)
def test_self_normalised(student, rng):
    """With self_normalised=True the total is divided by the sum of the weights that were used."""
    verify(student, *((*case, True) for case in cases(rng)))


@points(2)
@depends("test_ips")
def test_clip(student, rng):
    """A propensity below `clip` counts as `clip`, which is 0.05 unless the call says otherwise."""
    asked = []
    for case in (RARE, *cases(rng, lowest=0.005)):
        asked += [case, (*case, False, 0.2), (*case, False, 0.01)]
    verify(student, *asked)


@points(1)
@depends("test_self_normalised")
def test_clip_self_normalised(student, rng):
    """Clipped weights are used both above and below the line of the self-normalised mean."""
    pair = np.array([3.0, 5.0]), np.array([1, 1]), np.array([0.01, 0.5])
    asked = []
    for case in (pair, *cases(rng, lowest=0.005)):
        asked += [(*case, True), (*case, True, 0.2)]
    verify(student, *asked)


@points(1)
@depends("test_ips")
def test_missing_values(student, rng):
    """What stands in an unobserved row, NaN too, never changes the result."""
    asked = []
    for y, observed, propensity in cases(rng):
        for holder in (np.nan, 1e4):
            hidden = np.where(observed == 1, y, y.dtype.type(holder))
            asked += [(hidden, observed, propensity), (hidden, observed, propensity, True)]
    verify(student, *asked)


@points(1)
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    for y, observed, propensity in cases(rng, lowest=0.005):
        hidden = np.where(observed == 1, y, np.nan)
        assert_unchanged(student, hidden, observed, propensity, True, names=NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*SMALLEST)
    y, observed = np.array([1.0, -2.0, 4.0, 3.0, 8.0]), np.array([1, 0, 1, 1, 0])
    propensity = np.array([0.5, 0.02, 0.01, 0.8, 0.3])
    holes = np.where(observed == 1, y, np.nan)
    for mode in (False, True):
        for clip in (0.05, 0.2):
            yield probe(y, observed, propensity, mode, clip)
            yield probe(holes, observed, propensity, mode, clip, after=True)
    yield probe(holes, observed, propensity)
