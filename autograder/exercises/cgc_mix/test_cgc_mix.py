"""cgc_mix(shared_out (B, E, H), own_out (B, T, K, H), gate_logits (B, T, E + K)) -> (B, T, H): one gate over both."""

import math

import numpy as np

from autograder.testing import INPUTS_LEFT, agree, assert_all_unchanged, believes, depends, points, probe

NAMES = ("shared_out", "own_out", "gate_logits")
# One row, a shared expert that says 1, own experts that say 5 (first task) and 9 (second): half and half, then 1 to 3.
FIRST = np.array([[[1.0]]]), np.array([[[[5.0]], [[9.0]]]]), np.array([[[0.0, 0.0], [0.0, math.log(3.0)]]])


def right(shared_out, own_out, gate_logits):
    """One row and one task at a time."""
    rows, tasks, _, hidden = own_out.shape
    mixed = np.zeros((rows, tasks, hidden))
    for row in range(rows):
        for task in range(tasks):
            logits = gate_logits[row, task].astype(float)
            shares = np.exp(logits - logits.max())
            experts = np.vstack([shared_out[row], own_out[row, task]]).astype(float)
            mixed[row, task] = (shares / shares.sum()) @ experts
    return mixed


def draw(rng, rows, tasks, shared, own, hidden, dtype=np.float64):
    shared_out = rng.normal(0.0, 2.0, (rows, shared, hidden))
    own_out = rng.normal(0.0, 2.0, (rows, tasks, own, hidden))
    gate_logits = rng.normal(0.0, 1.5, (rows, tasks, shared + own))
    return shared_out.astype(dtype), own_out.astype(dtype), gate_logits.astype(dtype)


def verify(student, *cases, **rough):
    agree(student, cases, right, NAMES, what="the mixture", **rough)


@points(3)
def test_value(student, rng):
    """Each task mixes the shared experts and its own by one softmax over all of them, the shared ones first."""
    sizes = (1, 2, 1, 1, 2), (2, 2, 2, 2, 2), (5, 2, 3, 2, 4), (3, 3, 1, 2, 2)
    others = *(draw(rng, *size) for size in sizes), draw(rng, 4, 3, 2, 1, 3, np.float32)
    verify(student, FIRST, *others, *((unit * FIRST[0], unit * FIRST[1], FIRST[2]) for unit in (1e6, 1e-6)))


@points(3)
@depends("test_value")
def test_other_sizes(student, rng):
    """Any number of rows, tasks, experts and outputs works, including one of each and equal numbers."""
    sizes = (1, 1, 1, 1, 1), (2, 1, 4, 1, 3), (4, 3, 1, 3, 1), (3, 3, 3, 3, 3), (2, 5, 2, 3, 7)
    verify(student, *(draw(rng, *size) for size in sizes))


@points(2)
def test_large_logits(student, rng):
    """Gate logits of 1000, of either sign, give finite and right numbers."""
    cases = [(*FIRST[:2], np.array([[[1000.0, 1000.0], [-1000.0, -1000.0]]]))]
    shared_out, own_out, gate_logits = draw(rng, 1, 1, 1, 1, 1)
    cases.append((shared_out, own_out, gate_logits + 1000.0))
    shared_out, own_out, gate_logits = draw(rng, 3, 2, 2, 2, 2)
    cases.append((shared_out, own_out, rng.choice([-1000.0, 0.0, 1000.0], gate_logits.shape)))
    verify(student, *cases)
    shared_out, own_out, gate_logits = draw(rng, 3, 2, 2, 2, 2, np.float32)
    extreme = rng.choice([-1000.0, 0.0, 1000.0], gate_logits.shape).astype(np.float32)
    verify(
        student, (shared_out, own_out, extreme), rtol=1e-3, atol=1e-3
    )  # float32 knows a logit of 1000 to 0.0001 only


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [draw(rng, *sizes) for sizes in ((1, 2, 1, 1, 1), (3, 2, 2, 3, 2))], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*FIRST)
    for sizes in ((3, 3, 3, 3, 3), (4, 2, 2, 1, 3), (1, 3, 1, 2, 1), (2, 2, 2, 2, 2)):
        yield probe(*draw(rng, *sizes), after=True)
    shared_out, own_out, gate_logits = draw(rng, 2, 2, 1, 2, 2)
    yield probe(shared_out, own_out, 1000.0 * np.sign(gate_logits))
    yield probe(shared_out, own_out, gate_logits + 1000.0)
    yield probe(shared_out, own_out, (gate_logits + 400.0).astype(np.float32))
