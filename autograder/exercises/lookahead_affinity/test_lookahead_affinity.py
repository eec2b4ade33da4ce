"""lookahead_affinity(loss_before (T,), loss_after (T, T)) -> (T, T): the share of a loss that a step takes away."""

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, believes, depends, points, probe

NAMES = ("loss_before", "loss_after")
# A step for the first task halves its loss and raises the second's by a quarter; one for the second helps both.
FIRST = np.array([2.0, 4.0]), np.array([[1.0, 5.0], [1.5, 3.0]])


def right(loss_before, loss_after):
    """One entry at a time, in plain Python."""
    before = loss_before.tolist()
    return np.array([[1 - now / then for now, then in zip(row, before)] for row in loss_after.tolist()])


def draw(rng, tasks, dtype=np.float64):
    loss_before = rng.uniform(0.2, 3.0, tasks)
    return loss_before.astype(dtype), (loss_before * rng.uniform(0.6, 1.3, (tasks, tasks))).astype(dtype)


def verify(student, *cases):
    agree(student, cases, right, NAMES, what="the affinity")


@points(2)
def test_value(student, rng):
    """Row i, column j holds 1 minus the loss of task j after a step for task i, over the loss of task j before it."""
    verify(student, FIRST, draw(rng, 2), draw(rng, 3), draw(rng, 4, np.float32), draw(rng, 5))


@points(0.5)
def test_one_task(student, rng):
    """One task gives a table of one row and one column, as any number of tasks gives a square table."""
    verify(student, (np.array([2.0]), np.array([[1.5]])), draw(rng, 1), draw(rng, 7))


@points(1.5)
def test_units(student, rng):
    """The unit of a loss does not matter: a task's losses may all be a billion times as large, or as small."""
    cases = [(np.array([2e-9, 4.0]), np.array([[1e-9, 5.0], [1.5e-9, 3.0]]))]
    for tasks in (2, 3, 4):
        loss_before, loss_after = draw(rng, tasks)
        units = 10.0 ** rng.permutation([-9, 9, -6, 3][:tasks])
        cases.append((units * loss_before, units * loss_after))
    verify(student, *cases)


@points(0.5)
@depends("test_value")
def test_no_change(student, rng):
    """Where a step leaves a loss as it was, the affinity is 0; where it takes nearly all of it, nearly 1."""
    loss_before, loss_after = draw(rng, 3)
    still = np.repeat(loss_before[None], 3, axis=0)
    verify(
        student,
        (loss_before, still),
        (loss_before, 1e-12 * loss_after),
        (loss_before, np.where(np.eye(3) > 0, still, loss_after)),
    )


@points(0.5)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [draw(rng, 2), draw(rng, 4)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*FIRST)
    for tasks in (1, 2, 3, 5):
        yield probe(*draw(rng, tasks), after=True)
    yield probe(np.array([2e-9, 4.0]), np.array([[1e-9, 5.0], [1.5e-9, 3.0]]))
    loss_before, loss_after = draw(rng, 3)
    yield probe(np.array([1e-7, 1.0, 1e7]) * loss_before, np.array([1e-7, 1.0, 1e7]) * loss_after)
