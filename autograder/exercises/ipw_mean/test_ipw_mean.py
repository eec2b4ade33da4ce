"""ipw_mean(y (N,), observed (N,) 0/1, propensity (N,), self_normalised=False, clip=0.05) -> float."""

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, believes, depends, points, probe

NAMES = ("y", "observed", "propensity", "self_normalised", "clip")
SMALLEST = np.array([1.0, 9.0, 4.0]), np.array([1, 0, 1]), np.array([0.5, 0.5, 0.25])
RARE = np.array([3.0, 5.0]), np.array([1, 0]), np.array([0.01, 0.9])
RAREST = np.array([3.0, 5.0, 2.0]), np.array([1, 0, 1]), np.array([1e-6, 0.9, 0.5])
SURE = np.array([3.0, 2.0]), np.array([1, 1]), np.array([1.0, 0.5])


def right(y, observed, propensity, self_normalised=False, clip=0.05):
    """The weighted total of the observed rows over all rows, or over their weights."""
    total = weight = 0.0
    for value, seen, chance in zip(y.tolist(), observed.tolist(), propensity.tolist()):
        if seen:
            weight += 1 / max(chance, clip)
            total += value / max(chance, clip)
    return total / (weight if self_normalised else len(y))


def cases(rng, lowest=0.11, highest=0.9):
    """Small cases first; propensities in a range that no clip touches, values of both signs, both dtypes."""
    yield SMALLEST
    yield np.array([7.0]), np.array([1]), np.array([0.5])
    for size, dtype in ((6, np.float64), (30, np.float32), (200, np.float64)):
        observed = (rng.random(size) < 0.5).astype(int if size != 30 else dtype)
        observed[rng.choice(size, 2, replace=False)] = 1, 0
        propensity = np.exp(rng.uniform(np.log(lowest), np.log(highest), size))
        y = rng.normal(2.0, 3.0, size)
        if dtype == np.float32:  # of one sign: rounding must not cost a right answer its digits
            y = 0.5 + np.abs(y)
        yield y.astype(dtype), observed, propensity.astype(dtype)


def in_other_units():
    y, *rest = SMALLEST
    for unit in (1e5, 1e-5):
        yield unit * y, *rest


def verify(student, *asked):
    agree(student, asked, right, NAMES)


@points(2)
def test_ips(student, rng):
    """Each observed row counts 1/propensity times, and the total is divided by the number of all rows."""
    verify(student, *cases(rng), *in_other_units())


@points(2)
def test_self_normalised(student, rng):
    """With self_normalised=True the total is divided by the sum of the weights of the observed rows."""
    verify(student, *((*case, True) for case in (*cases(rng), *in_other_units())))


@points(2)
def test_clip(student, rng):
    """A propensity below `clip` counts as `clip`, 0.05 unless the call says otherwise; a larger one stays as it is."""
    asked = [RARE, (*RARE, False, 0.2), (*RARE, False, 0.001), SURE, (*SURE, False, 0.2), (*SURE, False, 0.5)]
    asked += [(*RAREST, False, clip) for clip in (1e-7, 1e-5)]
    for case in cases(rng, lowest=0.005, highest=1.0):
        asked += [case, (*case, False, 0.2), (*case, False, 0.01)]
    verify(student, *asked)


@points(1)
@depends("test_self_normalised")
def test_clip_self_normalised(student, rng):
    """Clipped weights are used in both the numerator and the denominator of the self-normalised mean."""
    pair = np.array([3.0, 5.0]), np.array([1, 1]), np.array([0.01, 0.5])
    asked = []
    for case in (pair, SURE, *cases(rng, lowest=0.005)):
        asked += [(*case, True), (*case, True, 0.2)]
    verify(student, *asked)


@points(1)
@depends("test_ips", "test_self_normalised")
def test_missing_values(student, rng):
    """What an unobserved row holds, be it NaN, infinite or huge, never changes the result."""
    asked = []
    for y, observed, propensity in cases(rng):
        for holder in (np.nan, np.inf, -np.inf, 1e4, np.finfo(y.dtype).max):
            hidden = np.where(observed == 1, y, y.dtype.type(holder))
            asked += [(hidden, observed, propensity), (hidden, observed, propensity, True)]
    verify(student, *asked)


@points(1)
@depends("test_ips")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    asked = []
    for y, observed, propensity in cases(rng, lowest=0.005, highest=1.0):
        hidden = np.where(observed == 1, y, np.nan)
        asked += [(hidden, observed, propensity), (hidden, observed, propensity, True)]
    assert_all_unchanged(student, asked, NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*SMALLEST)
    yield probe(*SURE)
    yield probe(*SURE, False, 0.2)
    yield probe(*RAREST, False, 1e-7)
    y, observed = np.array([1.0, -2.0, 4.0, -3.0, 8.0]), np.array([1, 0, 1, 1, 0])
    propensity = np.array([0.5, 0.02, 0.01, 0.8, 0.3])
    holes = np.where(observed == 1, y, np.nan)
    for mode in (False, True):
        for clip in (0.05, 0.2):
            yield probe(y, observed, propensity, mode, clip)
            yield probe(holes, observed, propensity, mode, clip, after=True)
    yield probe(holes, observed, propensity)
    yield probe(np.where(observed == 1, y, np.inf), observed, propensity)
