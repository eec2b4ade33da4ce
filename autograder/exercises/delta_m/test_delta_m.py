"""delta_m(metrics (T,), single_task (T,), higher_is_better (T,) bool) -> float: mean signed relative change."""

import functools

import numpy as np

from autograder import testing
from autograder.testing import INPUTS_LEFT, assert_all_unchanged, believes, depends, points, probe

NAMES = ("metrics", "single_task", "higher_is_better")
# An accuracy that rose by 20 % and an error that fell by 10 %.
TWO = np.array([0.6, 1.8]), np.array([0.5, 2.0]), np.array([True, False])


def right(metrics, single_task, higher_is_better):
    """One task at a time, in plain Python."""
    changes = [
        (metric - base) / base if higher else (base - metric) / base
        for metric, base, higher in zip(metrics.tolist(), single_task.tolist(), higher_is_better.tolist())
    ]
    return sum(changes) / len(changes)


agree = functools.partial(testing.agree, right=right, names=NAMES)


def draw(rng, tasks, dtype=np.float64):
    single_task = rng.uniform(0.2, 3.0, tasks).astype(dtype)
    metrics = (single_task * rng.uniform(0.6, 1.5, tasks)).astype(dtype)
    return metrics, single_task, rng.random(tasks) < 0.5


@points(2)
def test_higher_is_better(student, rng):
    """Where more is better, each task counts its change as a fraction of its baseline, and the mean is taken."""
    cases = [
        (np.array([0.6]), np.array([0.5]), np.array([True])),
        (np.array([0.4]), np.array([0.5]), np.array([True])),
        (np.array([0.6, 0.7]), np.array([0.5, 0.7]), np.array([True, True])),
    ]
    for tasks in (1, 3, 8):
        metrics, single_task, _ = draw(rng, tasks)
        cases.append((metrics, single_task, np.ones(tasks, bool)))
    agree(student, cases)


@points(3)
def test_mixed_directions(student, rng):
    """Where less is better, a fall is an improvement; positive means better than the baseline."""
    cases, coarse = [(np.array([1.8]), np.array([2.0]), np.array([False])), TWO], []
    for tasks, dtype in ((2, np.float64), (3, np.float32), (3, np.float64), (9, np.float64)):
        for _ in range(3):
            metrics, single_task, higher = draw(rng, tasks, dtype)
            higher[:2] = True, False
            (coarse if dtype is np.float32 else cases).append((metrics, single_task, rng.permutation(higher)))
    agree(student, cases)
    # In float32 the difference of two metrics near 1 is known to about 1e-7: allow for it where the mean is small.
    agree(student, coarse, atol=2e-6)


@points(1)
@depends("test_mixed_directions")
def test_no_change(student, rng):
    """A model that equals the baseline has a change of 0, and one whose errors are all 0 has a change of 1."""
    cases = []
    for tasks in (1, 4):
        _, single_task, higher = draw(rng, tasks)
        cases.append((single_task, single_task, higher))
        cases.append((np.zeros(tasks), single_task, np.zeros(tasks, bool)))
        cases.append((np.zeros(tasks), single_task, np.ones(tasks, bool)))
    agree(student, cases)


@points(1)
def test_units(student, rng):
    """The units of a task do not matter: an error in metres or in millionths of a metre gives the same number."""
    cases = [(np.array([6e-10]), np.array([5e-10]), np.array([True]))]
    for tasks in (2, 5):
        metrics, single_task, higher = draw(rng, tasks)
        units = rng.permutation([1e-9, 1e9, *10.0 ** rng.integers(-9, 10, tasks)][:tasks])
        cases.append((units * metrics, units * single_task, higher))
    agree(student, cases)


@points(1)
@depends("test_mixed_directions")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    calls = []
    for tasks in (2, 5):
        metrics, single_task, _ = draw(rng, tasks)
        calls.append((metrics, single_task, np.arange(tasks) % 2 == 0))
    assert_all_unchanged(student, calls, NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*TWO)
    yield probe(np.array([0.6]), np.array([0.5]), np.array([True]))
    yield probe(np.array([1.8]), np.array([2.0]), np.array([False]))
    yield probe(np.array([6e-10]), np.array([5e-10]), np.array([True]))
    for tasks in (2, 3, 6):
        metrics, single_task, _ = draw(rng, tasks)
        yield probe(metrics, single_task, np.arange(tasks) % 2 == 1, after=True)
