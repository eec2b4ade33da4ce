"""mmoe_mix(expert_out (B, E, H), gate_logits (B, T, E)) -> (B, T, H): experts mixed by a softmax gate of each task."""

import math

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, assert_close, believes, depends, points, probe

NAMES = ("expert_out", "gate_logits")
# One row, two experts of one output each: the first task takes half of both, the second three quarters of the second.
FIRST = np.array([[[1.0], [5.0]]]), np.array([[[0.0, 0.0], [0.0, math.log(3.0)]]])


def right(expert_out, gate_logits):
    """One row and one task at a time."""
    rows, tasks, _ = gate_logits.shape
    mixed = np.zeros((rows, tasks, expert_out.shape[2]))
    for row in range(rows):
        for task in range(tasks):
            logits = gate_logits[row, task].astype(float)
            shares = np.exp(logits - logits.max())
            mixed[row, task] = (shares / shares.sum()) @ expert_out[row].astype(float)
    return mixed


def draw(rng, rows, tasks, experts, hidden, dtype=np.float64):
    expert_out = rng.normal(0.0, 2.0, (rows, experts, hidden))
    return expert_out.astype(dtype), rng.normal(0.0, 1.5, (rows, tasks, experts)).astype(dtype)


def verify(student, *cases, **rough):
    agree(student, cases, right, NAMES, what="the mixture", **rough)


@points(3)
def test_value(student, rng):
    """Each task gets its own weighted sum of the experts, with a softmax over the experts as weights."""
    others = (draw(rng, 5, 2, 3, 4, dtype) for dtype in (np.float64, np.float32))
    verify(student, FIRST, draw(rng, 1, 2, 2, 2), *others, *((unit * FIRST[0], FIRST[1]) for unit in (1e6, 1e-6)))


@points(2)
@depends("test_value")
def test_other_sizes(student, rng):
    """Any number of rows, tasks, experts and outputs works, including one of each and equal numbers."""
    several = ((1, 1, 1, 1), (2, 1, 4, 3), (4, 3, 1, 2), (3, 3, 3, 3), (2, 5, 3, 7))
    verify(student, *(draw(rng, *sizes) for sizes in several))


@points(1)
@depends("test_value")
def test_rows_are_separate(student, rng):
    """A row is mixed by its own gates and from its own experts: the other rows do not matter."""
    expert_out, gate_logits = draw(rng, 6, 2, 3, 2)
    whole = right(expert_out, gate_logits)
    parts = slice(0, 1), slice(3, 6)
    cases = [(expert_out[rows], gate_logits[rows]) for rows in parts]
    for case, rows, mixture in zip(cases, parts, student.each(cases)):
        assert_close(mixture, whole[rows], dict(zip(NAMES, case)), what="the mixture")


@points(1)
def test_large_logits(student, rng):
    """Gate logits of 1000, of either sign, give finite and right numbers."""
    cases = [(np.array([[[1.0], [5.0]]]), np.array([[[1000.0, 1000.0], [-1000.0, -1000.0]]]))]
    expert_out, gate_logits = draw(rng, 1, 1, 2, 1)
    cases.append((expert_out, gate_logits + 1000.0))
    for dtype, rough in ((np.float64, {}), (np.float32, {"rtol": 1e-3, "atol": 1e-3})):
        expert_out, _ = draw(rng, 3, 2, 4, 2, dtype)
        cases.append((expert_out, rng.choice([-1000.0, 0.0, 1000.0], (3, 2, 4)).astype(dtype)))
        verify(student, *cases, **rough)  # float32 knows a logit of 1000 to 0.0001 only
        cases = []


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [draw(rng, *sizes) for sizes in ((1, 2, 2, 1), (3, 2, 4, 3))], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*FIRST)
    for sizes in ((3, 3, 3, 3), (4, 2, 3, 2), (1, 3, 2, 1)):
        yield probe(*draw(rng, *sizes), after=True)
    expert_out, gate_logits = draw(rng, 2, 2, 3, 2)
    yield probe(expert_out, 1000.0 * np.sign(gate_logits))
    yield probe(expert_out, gate_logits + 1000.0)
    yield probe(expert_out, (gate_logits + 400.0).astype(np.float32))
    yield probe(*draw(rng, 2, 2, 2, 2))
