"""gradnorm_targets(weighted_norms (T,), losses (T,), initial_losses (T,), alpha) -> (T,)."""

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, believes, depends, points, probe

NAMES = ("weighted_norms", "losses", "initial_losses", "alpha")
# The first task has kept a quarter of its loss, the second three quarters: relative rates 0.5 and 1.5.
TWO = np.array([3.0, 1.0]), np.array([1.0, 6.0]), np.array([4.0, 8.0])


def right(weighted_norms, losses, initial_losses, alpha):
    """One task at a time, in plain Python."""
    left = [now / first for now, first in zip(losses.tolist(), initial_losses.tolist())]
    mean_left = sum(left) / len(left)
    mean_norm = sum(weighted_norms.tolist()) / len(left)
    return np.array([mean_norm * (share / mean_left) ** alpha for share in left])


def draw(rng, tasks, dtype=np.float64):
    """Norms, losses and initial losses in quite different units."""
    initial = 10 ** rng.uniform(-2, 2, tasks)
    losses = initial * rng.uniform(0.1, 1.3, tasks)
    return tuple(x.astype(dtype) for x in (rng.uniform(0.1, 5.0, tasks), losses, initial))


def verify(student, *cases):
    agree(student, cases, right, NAMES, what="the targets")


@points(3)
def test_value(student, rng):
    """Each target is the mean norm times the relative rate of the task to the power alpha."""
    cases = [(*TWO, 1.0), (*TWO, 2.0)]
    for tasks, dtype in ((2, np.float64), (3, np.float64), (5, np.float32), (9, np.float64)):
        for alpha in (1.5, 0.5, float(rng.uniform(0.2, 2.0))):
            cases.append((*draw(rng, tasks, dtype), alpha))
    verify(student, *cases, *((unit * TWO[0], *TWO[1:], 1.0) for unit in (1e5, 1e-5)))


@points(1)
@depends("test_value")
def test_alpha_zero(student, rng):
    """With alpha = 0 every task gets the same target: the mean of the norms."""
    verify(student, (*TWO, 0.0), *((*draw(rng, tasks), 0.0) for tasks in (3, 6)))


@points(1)
@depends("test_value")
def test_one_task(student, rng):
    """A single task is its own average, so its target is its own norm."""
    verify(student, *((*draw(rng, 1), alpha) for alpha in (0.0, 1.5)))


@points(1)
def test_units_of_the_losses(student, rng):
    """Measuring a task's losses in other units changes no target."""
    norms, losses, initial = draw(rng, 4)
    changes = np.ones(4), 10.0 ** rng.integers(-3, 4, 4), 10.0 ** np.array([-6, 6, 0, -3])
    verify(student, *((norms, units * losses, units * initial, 1.5) for units in changes))


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [(*draw(rng, tasks), 1.5) for tasks in (2, 5)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    for alpha in (1.0, 0.0):
        yield probe(*TWO, alpha)
    norms, losses, initial = draw(rng, 2)
    yield probe(norms, [1e-6, 1e3] * losses, [1e-6, 1e3] * initial, 1.5)
    for tasks in (1, 2, 3, 5):
        for alpha in (0.0, 1.0, 1.7):
            yield probe(*draw(rng, tasks), alpha, after=True)
