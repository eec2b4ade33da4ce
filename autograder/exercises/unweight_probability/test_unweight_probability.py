"""unweight_probability(p_w (N,), w) -> (N,): the probability that training with pos_weight = w has distorted."""

import math

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, assert_close, believes, depends, points, probe

NAMES = ("p_w", "w")


def right(p_w, w):
    """Shift each logit by -log w, in plain Python."""
    logits = [math.log(p) - math.log1p(-p) - math.log(w) for p in p_w.tolist()]
    return np.array([1 / (1 + math.exp(-logit)) for logit in logits])


def verify(student, *cases):
    agree(student, cases, right, NAMES)


@points(2)
def test_value(student, rng):
    """The odds are divided by the weight; a probability of 0.5 becomes 1 / (1 + w)."""
    cases = [(np.array([0.5]), 3.0), (np.array([0.5, 0.75, 0.9]), 3.0)]
    for size, dtype in ((1, np.float64), (3, np.float32), (40, np.float64)):
        for w in (20.0, float(rng.uniform(2.0, 50.0))):
            cases.append((rng.uniform(0.02, 0.98, size).astype(dtype), w))
    verify(student, *cases)


@points(1)
@depends("test_value")
def test_small_weights(student, rng):
    """A weight below 1 made positives count less, so undoing it raises the probability; w = 1 changes nothing."""
    others = ((rng.uniform(0.02, 0.98, 12), w) for w in (0.5, float(rng.uniform(0.02, 0.9))))
    verify(student, (np.array([0.5]), 0.25), (np.array([0.2, 0.5]), 1), *others)


@points(1)
@depends("test_value")
def test_small_and_large_probabilities(student, rng):
    """Probabilities close to 0 and to 1 are right too, and so are very large and very small weights."""
    ends = (1e-4, 1 - 1e-4, 1e-6, 1 - 1e-6, 1e-9, 1e-12, 1 - 1e-12)
    cases = [(np.array([p]), w) for p in ends for w in (3.0, 200.0)]
    cases += [(np.array([0.5]), 1e6), (np.array([1e-9]), 1e-6), (np.array([1 - 1e-6]), 1e7)]
    verify(student, *cases, (10 ** rng.uniform(-6, -1, 20), 20.0))


@points(0.5)
def test_undoes_the_weight(student, rng):
    """Weighting honest odds by w and then undoing it gives the honest probabilities back."""
    honest = {w: rng.uniform(0.01, 0.6, 8) for w in (2.0, 20.0)}
    cases = [(w * p / (w * p + 1 - p), w) for w, p in honest.items()]
    for (p_w, w), got in zip(cases, student.each(cases)):
        assert_close(got, honest[w], {"p_w": p_w, "w": w})


@points(0.5)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [(rng.uniform(0.02, 0.98, size), 7.0) for size in (1, 9)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(np.array([0.5]), 3.0)
    for w in (0.25, 1.0, 7.0, 20.0):
        yield probe(rng.uniform(0.02, 0.98, 6), w, after=True)
    for p, w in ((1e-6, 20.0), (1 - 1e-6, 20.0), (1e-12, 3.0), (1e-9, 1e-6), (1 - 1e-6, 1e7), (0.5, 1e6)):
        yield probe(np.array([p]), w)
