"""zscore_aggregate(scores (M,T), higher_is_better (T,) bool, reference (R,T)) -> (M,): mean z-score of each model."""

import functools
import math

import numpy as np

from autograder import testing
from autograder.testing import INPUTS_LEFT, assert_all_unchanged, believes, depends, points, probe

NAMES = ("scores", "higher_is_better", "reference")
# An accuracy (mean 0.7, deviation 0.1) and an error in minutes (mean 20, deviation 10): 2 and +0.5 deviations.
TWO = np.array([[0.9, 15.0]]), np.array([True, False]), np.array([[0.6, 10.0], [0.8, 30.0]])
# The same accuracy in a unit so small that what is added to a deviation, or compared with it, shows.
TINY = np.array([[9e-13]]), np.array([True]), np.array([[6e-13], [8e-13]])


def right(scores, higher_is_better, reference):
    """One model and one task at a time, in plain Python."""
    rulers = []
    for column in reference.T.tolist():
        mean = math.fsum(column) / len(column)
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in column) / len(column))
        rulers.append((mean, spread if max(column) > min(column) else math.inf))
    signs = [1 if higher else -1 for higher in higher_is_better.tolist()]
    found = []
    for row in scores.tolist():
        found.append(math.fsum(s * (value - m) / d for value, s, (m, d) in zip(row, signs, rulers)) / len(row))
    return np.array(found)


agree = functools.partial(testing.agree, right=right, names=NAMES)


def draw(rng, models, tasks, references=4, dtype=np.float64, units=(1.0, 10.0, 1e3)):
    """Tasks in units of their own; in each the reference is well spread, and its models stand in another order."""
    units, levels = rng.choice(units, tasks), rng.uniform(-3, 3, tasks)
    spread = rng.permuted(np.linspace([-1.5] * tasks, [1.5] * tasks, references), axis=0)
    reference = units * (levels + spread + rng.uniform(-0.4, 0.4, spread.shape))
    scores = units * (levels + rng.normal(0.5, 1.5, (models, tasks)))
    return scores.astype(dtype), rng.random(tasks) < 0.5, reference.astype(dtype)


def ask(student, cases):
    """In float32 a mean of z-scores is known to about 1e-6, however near 0 it comes."""
    agree(student, [case for case in cases if case[0].dtype == np.float64])
    agree(student, [case for case in cases if case[0].dtype != np.float64], atol=1e-5)


def sizes(rng):
    yield from (draw(rng, *size) for size in ((1, 1), (1, 3), (3, 1), (4, 3), (3, 3, 3), (2, 5, 2)))
    yield draw(rng, 3, 4, 5, np.float32)


@points(2)
def test_higher_is_better(student, rng):
    """Where more is better, a model's number is the mean of its z-scores against the reference."""
    scores, _, reference = TWO
    cases = [
        (scores[:, :1], np.array([True]), reference[:, :1]),
        (np.array([[0.9], [0.5]]), np.array([True]), reference[:, :1]),
        (np.array([[0.9, 40.0]]), np.array([True, True]), reference),
    ]
    ask(student, [*cases, *((scores, np.ones_like(higher), reference) for scores, higher, reference in sizes(rng))])


@points(1)
def test_mixed_directions(student, rng):
    """Where less is better, the z-score's sign is reversed, so that positive always means better."""
    cases = [(TWO[0][:, 1:], np.array([False]), TWO[2][:, 1:]), TWO]
    for scores, higher, reference in sizes(rng):
        higher[-1] = False
        cases.append((scores, higher, reference))
    ask(student, cases)


@points(1)
def test_company(student, rng):
    """The number of a model stays what it is, whoever else stands in the table."""
    joins = np.array([[0.9, 15.0], [0.8, 25.0], [0.2, 20.0]]), np.array([[0.9, 15.0], [0.8, 25.0], [0.8, 500.0]])
    asked = [joins[0][:1], joins[0][:2], *joins]
    cases = [(scores, np.array([True, True]), TWO[2]) for scores in asked]
    scores, _, reference = draw(rng, 6, 3)
    ask(student, [*cases, *((scores[:count], np.ones(3, bool), reference) for count in (1, 2, 6))])


@points(1)
def test_units(student, rng):
    """The unit of a task does not matter, be it tiny or huge."""
    drawn = [draw(rng, models, tasks, units=(1e-12, 1e-9, 1e-6, 1e6, 1e9)) for models, tasks in ((1, 2), (2, 4))]
    ask(student, [TINY, *((scores, np.ones_like(higher), reference) for scores, higher, reference in drawn)])


@points(1)
@depends("test_higher_is_better")
def test_equal_references(student, rng):
    """A task in which all models of the reference are equal adds 0 and is counted among the tasks."""
    equal = np.array([[0.6, 0.1], [0.8, 0.1], [0.7, 0.1]])
    cases = [(np.array([[0.9, 0.3]]), np.array([True, True]), equal), (np.array([[0.9, 0.1]]), np.ones(2, bool), equal)]
    cases.append((np.array([[0.9, 0.3]]), np.array([True, True]), equal[:1]))
    for value, dtype in ((5.0, np.float64), (0.1, np.float64), (123456789.1, np.float64), (0.1, np.float32)):
        scores, higher, reference = draw(rng, 3, 3, 6, dtype)
        reference[:, rng.integers(3)] = value
        cases.append((scores, np.ones_like(higher), reference))
    ask(student, cases)


@points(1)
@depends("test_higher_is_better")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    equal = TWO[0], TWO[1], np.array([[0.6, 20.0], [0.8, 20.0]])
    calls = [TWO, equal, draw(rng, 3, 4)]
    assert_all_unchanged(student, calls, NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    scores, _, reference = TWO
    yield probe(*TWO)
    yield probe(scores[:, :1], np.array([True]), reference[:, :1])
    yield probe(np.array([[0.9], [0.5]]), np.array([True]), reference[:, :1])
    yield probe(np.array([[0.9, 0.3], [0.7, 0.2]]), np.array([True, False]), np.array([[0.6, 0.1]] * 2 + [[0.9, 0.1]]))
    yield probe(*TINY)
    yield probe(np.array([[0.9, 7.0], [0.7, 2.0]]), np.array([True, True]), np.array([[0.6, 5.0], [0.8, 5.0]]))
    for models, tasks in ((3, 2), (2, 3), (4, 4)):
        scores, _, reference = draw(rng, models, tasks)
        yield probe(scores, np.arange(tasks) % 2 == 1, reference, after=True)
        yield probe(scores, np.ones(tasks, bool), reference)
