"""rotating_batches(n_batches: list of T int, restart: bool) -> list of (task, batch): one epoch, turn by turn."""

import functools

from autograder import testing
from autograder.testing import INPUTS_LEFT, assert_all_unchanged, believes, depends, points, probe

NAMES = ("n_batches", "restart")


def right(n_batches, restart):
    """Each task's own list of batches, read across."""
    length = max(n_batches)
    columns = [list(range(n)) * (length if restart else 1) for n in n_batches]
    return [(t, column[r]) for r in range(length) for t, column in enumerate(columns) if r < len(column)]


agree = functools.partial(testing.agree, right=right, names=NAMES, what="the list of turns")


def unequal(rng, tasks):
    """Different numbers of batches, the largest at a place that is drawn."""
    return rng.permutation([1, *rng.choice([2, 3, 4, 5], tasks - 2), 7]).tolist()


def cases(rng, restart):
    asked = [[3, 1], [1, 3], [2, 5, 1], [2, 4, 6]]
    asked += [unequal(rng, tasks) for tasks in (2, 3, 3, 4, 6)]
    return [(numbers, restart) for numbers in asked]


@points(1)
def test_equal_numbers(student, rng):
    """Tasks with equally many batches take turns in their order, each time with the next batch."""
    asked = [[3, 3], [1, 1, 1], [4], [2, 2], [int(rng.integers(2, 6))] * 4]
    agree(student, [(numbers, restart) for numbers in asked for restart in (False, True)])


@points(2)
def test_restart(student, rng):
    """With `restart` a task without a batch left begins again, up to the end of the longest task's last round."""
    agree(student, cases(rng, True))


@points(2)
def test_no_restart(student, rng):
    """Without `restart` a task without a batch left is passed over, and every batch is shown once."""
    agree(student, cases(rng, False))


@points(1)
@depends("test_equal_numbers")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The numbers of batches are as they were before the call."""
    asked = [[3, 1], [1, 2], unequal(rng, 4)]
    assert_all_unchanged(student, [(numbers, restart) for numbers in asked for restart in (True, False)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    for restart in (True, False):
        for numbers in ([3, 3], [3, 1], [1, 3], [2, 5, 1], [2, 4, 6], [1, 1, 1]):
            yield probe(numbers, restart)
        yield probe(unequal(rng, 4), restart, after=True)
