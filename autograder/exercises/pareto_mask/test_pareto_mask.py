"""pareto_mask(points (M, K), maximise: list of K bool) -> (M,) bool: True where no other point dominates."""

import functools

import numpy as np

from autograder import testing
from autograder.testing import INPUTS_LEFT, assert_all_unchanged, believes, depends, points, probe

NAMES = ("points", "maximise")
# Accuracy (more is better) and latency: the third model is worse than the second in both.
MODELS = np.array([[0.9, 80.0], [0.8, 20.0], [0.7, 30.0]]), [True, False]


def right(table, maximise):
    """Compare every pair in plain Python."""
    rows = [[-x if more else x for x, more in zip(row, maximise)] for row in table.tolist()]

    def dominates(a, b):
        return all(x <= y for x, y in zip(a, b)) and any(x < y for x, y in zip(a, b))

    return np.array([not any(dominates(other, row) for other in rows) for row in rows])


agree = functools.partial(testing.agree, right=right, names=NAMES, what="the mask")


def distinct(rng, count, objectives, dtype=np.float64):
    """Points without any ties, near a front: every column is a permutation."""
    columns = [rng.permutation(count) for _ in range(objectives - 1)]
    last = -sum(columns, np.zeros(count)) + rng.normal(0, count / 3, count)
    return np.column_stack([*columns, last]).astype(dtype)


@points(3)
def test_two_objectives(student, rng):
    """A point is kept unless another is at least as good everywhere and better somewhere."""
    cases = [MODELS, (np.array([[1.0, 5.0], [2.0, 3.0], [3.0, 4.0], [4.0, 1.0]]), [False, False])]
    for dtype in (np.float64, np.float32):
        for count in (1, 3, 15):
            table = distinct(rng, count, 2, dtype)
            cases += [(table, maximise) for maximise in ([False, False], [True, False], [False, True], [True, True])]
    cases += [(MODELS[0] * [unit, 1 / unit], MODELS[1]) for unit in (1e6, 1e-6)]
    agree(student, cases)


@points(2)
def test_ties(student, rng):
    """Equal in one objective and worse in another is dominated, however small the difference."""
    cases = [
        (np.array([[1.0, 2.0], [1.0, 3.0]]), [False, False]),
        (np.array([[1.0, 2.0], [1.0, 3.0], [0.5, 2.0]]), [True, True]),
        (np.array([[1.0, 2.0], [1.0, 2.0 + 1e-9]]), [False, False]),
        (np.array([[1.0, 1.0 + 1e-9, 3.0], [1.0 + 1e-9, 1.0, 3.0]]), [True, False, True]),
    ]
    for _ in range(4):
        table = np.unique(rng.integers(0, 4, (12, 2)), axis=0).astype(float)
        cases.append((rng.permutation(table), [bool(rng.integers(2)), False]))
    agree(student, cases)


@points(1)
def test_duplicates(student, rng):
    """Equal points do not dominate each other: all copies of a point on the front are kept."""
    table = distinct(rng, 6, 2)
    cases = [
        (np.array([[1.0, 2.0], [1.0, 2.0]]), [False, False]),
        (np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [3.0, 3.0], [3.0, 3.0]]), [False, False]),
        (table[rng.integers(0, 6, 14)], [True, False]),
    ]
    agree(student, cases)


@points(2)
def test_more_objectives(student, rng):
    """One objective, three, or four work alike."""
    cases = [
        (np.array([[1.0, 2.0, 9.0], [2.0, 3.0, 1.0]]), [False, False, False]),
        (np.array([[3.0], [1.0], [2.0]]), [True]),
    ]
    for objectives in (3, 4):
        for _ in range(3):
            maximise = [bool(flag) for flag in rng.integers(0, 2, objectives)]
            cases.append((distinct(rng, 14, objectives), maximise))
            cases.append((rng.integers(0, 3, (14, objectives)).astype(float), maximise))
    agree(student, cases)


@points(1)
def test_concave_front(student, rng):
    """A compromise is kept even where no weighted sum of the objectives would choose it."""
    dent = np.array([[0.0, 1.0], [0.6, 0.6], [1.0, 0.0], [0.7, 0.8]])  # the last one is dominated
    angle = np.sort(rng.uniform(0, np.pi / 2, 7))
    front = np.column_stack([np.sin(angle), np.cos(angle)])
    front = np.vstack([front, front[[1, 4]] + 0.01])[rng.permutation(9)]
    agree(student, [(table, [False, False]) for table in (dent, front)])


@points(1)
@depends("test_two_objectives")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [(distinct(rng, count, 3), [True, False, True]) for count in (3, 8)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*MODELS)
    yield probe(np.array([[0.0, 1.0], [0.6, 0.6], [1.0, 0.0]]), [False, False])
    yield probe(np.array([[1.0, 2.0], [1.0, 2.0 + 1e-9], [1.0, 2.0 + 1e-4]]), [False, False])
    yield probe(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [3.0, 3.0], [3.0, 3.0]]), [False, False])
    for objectives in (1, 2, 3, 4):
        for maximise in ([False] * objectives, [index % 2 == 0 for index in range(objectives)]):
            yield probe(distinct(rng, 9, objectives), maximise, after=True)
            yield probe(rng.integers(0, 4, (9, objectives)).astype(float), maximise)
