"""weighted_total(losses, weights) -> float: the sum of weight times loss, matched by the task's name."""

import functools

from autograder import testing
from autograder.testing import INPUTS_LEFT, assert_all_raise, assert_all_unchanged, believes, depends, points, probe

NAMES = ("losses", "weights")
SOURCE = {"price": 0.25, "time": 4.0}, {"price": 2.0, "time": 0.5}
TASKS = ("price", "time", "click", "clay content", "ph", "days_3")


def right(losses, weights):
    return sum(weights[task] * loss for task, loss in losses.items())


# The arguments are Python floats, and what is made of them may be a float32 tensor: six digits are enough.
agree = functools.partial(testing.agree, right=right, names=NAMES, what="the total", rtol=1e-6)


def named(rng, count):
    """Losses and weights of ``count`` tasks, as Python floats, in one order."""
    tasks = [TASKS[index] for index in rng.permutation(len(TASKS))[:count]]
    losses, weights = rng.uniform(0.1, 4.0, count), rng.uniform(0.1, 3.0, count)
    return dict(zip(tasks, losses.tolist())), dict(zip(tasks, weights.tolist()))


def reordered(entries, step=1):
    """The same entries, beginning with another one."""
    tasks = list(entries)
    return {task: entries[task] for task in tasks[step:] + tasks[:step]}


@points(1)
def test_value(student, rng):
    """The total is the sum of weight times loss: neither averaged, nor with weights made to sum to 1."""
    one = {"price": 3.0}, {"price": 2.0}
    switched_off = {"price": 0.25, "time": 4.0}, {"price": 2.0, "time": 0.0}
    several = [named(rng, count) for count in (2, 3, 6)]
    losses, weights = named(rng, 3)
    large = {task: 1e6 * loss for task, loss in losses.items()}, weights
    small = losses, {task: 1e-6 * weight for task, weight in weights.items()}
    negative = {"price": -0.25, "time": 4.0}, {"price": 2.0, "time": 0.5}
    alike = {"price": 3.0, "time": 3.0}, {"price": 2.0, "time": 2.0}
    units = {"price": 2.5e-6, "time": 4.0e-3}, {"price": 2e6, "time": 5e3}
    agree(student, [one, SOURCE, switched_off, *several, large, small, negative, alike, units])


@points(1)
def test_matched_by_name(student, rng):
    """A weight belongs to the task of the same name, in whatever order the dictionaries are written."""
    losses, weights = SOURCE
    cases = [(losses, reordered(weights)), (reordered(losses), weights)]
    for count in (3, 5):
        losses, weights = named(rng, count)
        cases.append((losses, reordered(weights, step=int(rng.integers(1, count)))))
    agree(student, cases)


@points(1)
def test_missing_weight(student, rng):
    """A task without a weight raises KeyError, and only such a task does."""
    losses, weights = named(rng, 3)
    list(student.each([SOURCE, (losses, weights)]))  # stops at an error
    missing = list(losses)[int(rng.integers(3))]
    calls = (
        ({"price": 0.25, "time": 4.0}, {"price": 2.0}),
        ({"price": 0.25, "time": 4.0}, {"price": 2.0, "tiem": 0.5}),
        ({"price": 0.0}, {"time": 0.5}),
        (losses, {task: weight for task, weight in weights.items() if task != missing}),
    )
    assert_all_raise("KeyError", student, calls, NAMES)


@points(0.5)
def test_extra_weights(student, rng):
    """A weight for a task that has no loss this time is ignored."""
    losses, weights = SOURCE
    cases = [(losses, {**weights, "click": 3.0}), ({"time": 4.0}, weights)]
    losses, weights = named(rng, 4)
    agree(student, [*cases, (dict(list(losses.items())[1:]), weights)])


@points(0.5)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The two dictionaries are as they were before the call."""
    assert_all_unchanged(student, [(losses, weights) for losses, weights in (SOURCE, named(rng, 3))], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    losses, weights = SOURCE
    yield probe(*SOURCE)
    yield probe({"price": 3.0}, {"price": 2.0})
    yield probe(losses, reordered(weights))
    yield probe(losses, {"price": 2.0})
    yield probe(losses, {**weights, "click": 3.0})
    yield probe({"time": 4.0}, weights)
    three = named(rng, 3)
    yield probe(*three)
    yield probe(three[0], reordered(three[1]))
    yield probe(*named(rng, 6))
    yield probe({task: 1e-5 * loss for task, loss in three[0].items()}, three[1])
    yield probe(*SOURCE, after=True)
