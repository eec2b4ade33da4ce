"""sampling_probs(n (T,), alpha) -> (T,): the probability that a batch is drawn from each task."""

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, believes, depends, points, probe


def right(n, alpha):
    # In logarithms, so that the reference shares no step with the obvious answer and cannot overflow.
    powers = np.exp(alpha * (np.log(n.astype(float)) - np.log(n.astype(float).max())))
    return powers / powers.sum()


def assert_probabilities(student, *cases):
    # A rare task's probability may be a millionth: every entry is compared with itself.
    agree(student, cases, right, ("n", "alpha"), atol=0)


@points(1.5)
def test_value(student, rng):
    """p is proportional to n to the power alpha, and sums to 1."""
    cases = [(np.array([4.0, 16.0]), 0.5), (np.array([1.0, 3.0]), 2.0)]
    for count in (2, 3, 6):
        for dtype in (np.float64, np.float32):
            cases.append((rng.uniform(1, 2000, count).astype(dtype), float(rng.uniform(0.1, 0.9))))
    assert_probabilities(student, *cases, (rng.uniform(1, 50, 4), 2.5))


@points(0.5)
def test_proportional(student, rng):
    """With alpha = 1 every row is drawn equally often: the large task takes most turns."""
    several = np.array([1.0, 3.0]), np.array([1000.0, 100000.0]), rng.uniform(1, 5000, 4)
    assert_probabilities(student, *((n, 1.0) for n in several))


@points(1)
def test_equal_turns(student, rng):
    """With alpha = 0 every task takes equal turns, however few rows it has."""
    several = np.array([1.0, 3.0]), np.array([1000.0, 100000.0]), rng.uniform(1, 5000, 5)
    assert_probabilities(student, *((n, 0.0) for n in several))


@points(0.5)
def test_counts(student, rng):
    """Whole numbers, a million rows, a power of 3 and a single task are served as well."""
    drawn = rng.integers(1, 1_000_000, 4), float(rng.uniform(0.2, 0.9))
    assert_probabilities(
        student,
        *((np.array([7], np.int64), 0.5), (np.array([4, 16], np.int64), 0.5), drawn),
        (np.array([10, 1_000_000], np.int64), 3.0),  # in a browser whole numbers are of 32 bits unless it is said
        (np.array([10.0, 1_000_000.0], np.float32), 3.0),
    )


@points(0.5)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The counts are as they were before the call."""
    assert_all_unchanged(student, [(n, 0.5) for n in (np.array([4.0, 16.0]), rng.uniform(1, 5000, 3))], ("n", "alpha"))


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    for alpha in (0.0, 0.5, 1.0, 2.0):
        yield probe(np.array([4.0, 16.0]), alpha)
        yield probe(np.array([5.0, 1.0, 3.0]), alpha)
    yield probe(np.array([4.0, 16.0]), 0.5, after=True)
    yield probe(np.array([4, 16]), 0.5)
    yield probe(np.array([5, 7, 50]), 0.5)
    yield probe(np.array([7.0]), 0.5)
    yield probe(rng.uniform(1, 9, 5), 0.3)
