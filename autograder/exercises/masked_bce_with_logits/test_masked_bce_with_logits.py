"""masked_bce_with_logits(logits (N,), targets (N,), mask (N,) bool) -> scalar tensor: mean over observed rows."""

import numpy as np

from autograder.exercises.masked_bce_with_logits import scenarios
from autograder.exercises.reference import bce_with_logits, logit_with_loss, without_a_leak
from autograder.testing import (
    INPUTS_LEFT,
    agree,
    assert_all_unchanged,
    assert_true,
    believes,
    depends,
    points,
    probe,
    several,
    tensor,
)

NAMES = ("logits", "targets", "mask")
NAN, INF = np.nan, np.inf


def right(logits, targets, mask):
    """The mean over the observed rows; 0 where nothing is observed."""
    loss, _ = bce_with_logits(logits, np.where(mask, targets, 0.0))
    return loss[mask].sum() / max(int(mask.sum()), 1)


def slope(logits, targets, mask):
    """The gradient in the logits; 0 where nothing is observed."""
    _, by_row = bce_with_logits(logits, np.where(mask, targets, 0.0))
    return by_row * mask / max(int(mask.sum()), 1)


def batch(logits, targets, mask, dtype=np.float64):
    return np.array(logits, dtype), np.array(targets, dtype), np.array(mask, bool)


def the_source_example(hidden=0.0):
    """Five rows, two of them observed, with an average loss of 0.85."""
    z = logit_with_loss(0.85)
    return batch([z] * 5, [1.0, hidden, hidden, 1.0, hidden], [True, False, False, True, False])


def random_batch(rng, n=12, dtype=np.float64, hidden=None):
    """``hidden`` replaces the targets that are not observed."""
    targets = rng.integers(0, 2, n).astype(float)
    mask = rng.random(n) < 0.5
    mask[:2] = True, False
    order = rng.permutation(n)
    if hidden is not None:
        targets = np.where(mask, targets, hidden)
    return batch(rng.normal(0.0, 2.0, n), targets[order], mask[order], dtype)


def cases(rng, hidden=None):
    """Small cases first: a failure then shows the smallest input on which the answer is wrong."""
    yield batch([0.5, 2.0], [1.0, 1.0 if hidden is None else hidden], [True, False])
    yield the_source_example(0.0 if hidden is None else hidden)
    for dtype in (np.float64, np.float32):
        yield random_batch(rng, 12, dtype, hidden)


def empty(rng):
    yield batch([0.5], [1.0], [False])
    yield batch([0.5, -1.0], [NAN, 1.0], [False, False])
    yield batch(rng.normal(size=5), rng.integers(0, 2, 5), np.zeros(5), np.float32)


def zeros():
    """Logits of exactly 0: every head that starts with weights of 0 gives them."""
    for dtype in (np.float64, np.float32):
        for y in (1.0, 0.0):
            yield batch([0.0], [y], [True], dtype)
        yield batch([0.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, NAN], [True, True, True, False], dtype)


def extremes(missing=False):
    """One extreme logit at a time; with ``missing``, also in a row without a target."""
    for z in (200.0, -200.0):
        for y in (0.0, 1.0):
            for dtype in (np.float64, np.float32):
                yield batch([z, 1.0], [y, 1.0], [True, True], dtype)
                if missing:
                    yield batch([1.0, z, z], [1.0, y, NAN], [True, True, False], dtype)


def sent(case):
    return tuple(map(tensor, case))


def assert_losses(student, *asked, **tolerance):
    """A loss below 1 is compared as if it were 1: of 1e-87, or where a float32 rounds to 0, nothing has to be left."""
    agree(student, asked, right, NAMES, send=tensor, what="the loss", floor=1.0, **tolerance)


def assert_gradients(student, *asked):
    scenario = scenarios.value_and_gradient
    agree(student, asked, slope, NAMES, send=tensor, scenario=scenario, read=gradient, what="the gradient", floor=1.0)


def gradient(answer, inputs):
    _, found = several(answer, 2, "the loss with its gradient", inputs)
    assert_true(found is not None, "The loss carries no gradient back to `logits`: stay in torch.", inputs)
    return without_a_leak(found, ~inputs["mask"], inputs)


@points(2)
def test_value(student, rng):
    """The loss is the mean over the observed rows, divided by how many there are."""
    assert_losses(student, *cases(rng))


@points(1)
def test_stale_targets(student, rng):
    """A target that is not observed may hold any number, however large; it never changes the loss."""
    assert_losses(student, *cases(rng, hidden=7.0), *cases(rng, hidden=-1e30))


@points(1)
def test_missing_targets(student, rng):
    """Targets that are not observed may be NaN or infinite; the loss stays finite and right."""
    assert_losses(student, *cases(rng, hidden=NAN), *cases(rng, hidden=INF), *cases(rng, hidden=-INF))


@points(1)
@depends("test_value")
def test_empty_mask(student, rng):
    """With nothing observed the loss is exactly 0."""
    assert_losses(student, *empty(rng), atol=0)


@points(1)
def test_extreme_logits(student, rng):
    """The loss is right and finite for logits of 200 and -200."""
    assert_losses(student, *extremes())


@points(1)
@depends("test_value")
def test_gradient(student, rng):
    """The gradient is right on observed rows and exactly 0 elsewhere, also beside NaN and infinity."""
    hidden = (case for value in (NAN, None, 7.0, INF) for case in cases(rng, value))
    assert_gradients(student, *hidden)


@points(1)
@depends("test_gradient")
def test_gradient_at_zero(student, rng):
    """The gradient is right where a logit is exactly 0."""
    assert_gradients(student, *zeros())


@points(1)
@depends("test_gradient", "test_empty_mask", "test_extreme_logits")
def test_gradient_at_the_edges(student, rng):
    """The gradient is right for logits of 200 and -200, and zero with nothing observed."""
    assert_gradients(student, *empty(rng), *extremes(missing=True))


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, map(sent, cases(rng, hidden=NAN)), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*sent(the_source_example(NAN)), after=True)
    yield probe(*sent(batch([0.0, 0.0], [1.0, 1.0], [True, False])), scenario=scenarios.shortfall)
    asked = [the_source_example(), random_batch(rng), random_batch(rng, 7, hidden=7.0), next(cases(rng, INF))]
    asked += [random_batch(rng, 9, hidden=NAN), random_batch(rng, 6, np.float32), *empty(rng), *list(zeros())[:2]]
    for y, dtype in ((0.0, np.float64), (1.0, np.float64), (0.0, np.float32), (1.0, np.float32)):
        asked.append(batch([200.0, -200.0, -200.0], [y, 1 - y, NAN], [True, True, False], dtype))
    for case in asked:
        yield probe(*sent(case), scenario=scenarios.value_and_gradient)
