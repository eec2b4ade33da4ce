"""esmm_loss(ctr_logit (N,), cvr_logit (N,), click (N,), conv (N,)) -> scalar tensor, over all impressions."""

import numpy as np

from autograder.exercises.esmm_loss import scenarios
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

NAMES = ("ctr_logit", "cvr_logit", "click", "conv")


def right(ctr_logit, cvr_logit, click, conv):
    """The loss, in float64 and without ever forming a probability near 1."""
    a, b, c, y = _in_double(ctr_logit, cvr_logit, click, click * conv)
    z, _ = _logit_of_the_product(a, b)
    return np.mean(np.logaddexp(0, a) - c * a) + np.mean(np.logaddexp(0, z) - y * z)


def slopes(ctr_logit, cvr_logit, click, conv):
    """Its gradients in both logits, one per row."""
    a, b, c, y = _in_double(ctr_logit, cvr_logit, click, click * conv)
    z, shares = _logit_of_the_product(a, b)
    error = _sigmoid(z) - y
    return np.stack([_sigmoid(a) - c + error * (shares[0] + shares[2]), error * (shares[1] + shares[2])]) / len(a)


def _in_double(*parts):
    return [np.asarray(part, np.float64) for part in parts]


def _logit_of_the_product(a, b):
    """The logit, and the share of each term in its slope: 1 / (sigma(a) sigma(b)) - 1 = e^-a + e^-b + e^-(a + b)."""
    terms = np.stack([-a, -b, -a - b])
    top = terms.max(0)
    shares = np.exp(terms - top)
    return -(top + np.log(shares.sum(0))), shares / shares.sum(0)


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def cases(rng):
    """Small cases first: with both logits 0 the loss of an impression is log 2 plus log 4 or log 4/3."""
    yield np.zeros(1), np.zeros(1), np.ones(1), np.ones(1)
    yield np.zeros(2), np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 0.0])
    yield np.array([1.0, -2.0]), np.array([-1.0, 2.0]), np.array([1.0, 0.0]), np.array([1.0, 0.0])
    for size, dtype in ((3, np.float64), (16, np.float32), (40, np.float64)):
        click = (rng.random(size) < 0.5).astype(dtype)
        conv = click * (rng.random(size) < 0.5)
        click[0], conv[0], click[1], conv[1], click[2], conv[2] = 1, 1, 1, 0, 0, 0
        yield rng.normal(-1, 1.5, size).astype(dtype), rng.normal(0, 1.5, size).astype(dtype), click, conv.astype(dtype)


def zeros():
    """Logits of exactly 0: every head that starts with weights of 0 gives them."""
    for dtype in (np.float64, np.float32):
        for labels in ((1.0, 1.0), (1.0, 0.0), (0.0, 0.0)):
            yield tuple(np.array([one], dtype) for one in (0.0, 0.0, *labels))
        yield tuple(np.array(one, dtype) for one in ([0.0, 1.0], [2.0, 0.0], [1.0, 0.0], [0.0, 0.0]))


def extremes(dtype):
    """Every combination of labels with logits of 60, -60 and an ordinary one."""
    a, b, c, y = np.meshgrid([60.0, -60.0, 0.5], [60.0, -60.0, 0.5], [0.0, 1.0], [0.0, 1.0])
    keep = (y <= c).ravel()
    rows = [x.ravel()[keep].astype(dtype) for x in (a, b, c, y)]
    if dtype == np.float32:  # one by one where it is harder, so that a small example is shown
        for index in range(keep.sum()):
            yield [x[index : index + 1] for x in rows]
    yield rows


def sent(case):
    return tuple(map(tensor, case))


def assert_losses(student, *asked):
    agree(student, asked, right, NAMES, send=tensor, what="the loss", floor=1.0)


def assert_gradients(student, *asked):
    scenario, what = scenarios.value_and_gradients, "the gradient of `ctr_logit`, of `cvr_logit`"
    agree(student, asked, slopes, NAMES, send=tensor, scenario=scenario, read=gradients, what=what, floor=1.0)


def gradients(answer, inputs):
    _, found, *_ = several(answer, 4, "the loss with its gradients", inputs)
    assert_true(found is not None, "The loss does not carry a gradient back to the logits: stay in torch.", inputs)
    return several(found, 2, "the gradient", inputs)


@points(3)
def test_value(student, rng):
    """The loss is the mean cross-entropy of the click plus that of "click and conversion", over all impressions."""
    assert_losses(student, *cases(rng))


@points(1)
@depends("test_value")
def test_conversion_without_click(student, rng):
    """A conversion label on an impression without a click counts as no conversion."""
    yet = np.zeros(2), np.zeros(2), np.array([1.0, 0.0]), np.array([1.0, 1.0])
    assert_losses(student, *((*case[:3], np.ones_like(case[3])) for case in (yet, *cases(rng))))


@points(1)
@depends("test_value")
def test_gradient(student, rng):
    """The gradients of both logits are right: what a click and a conversion teach reaches both heads."""
    moved = ((a + a.dtype.type(0.5), b + b.dtype.type(0.25), *labels) for a, b, *labels in cases(rng))
    assert_gradients(student, *moved)


@points(1)
@depends("test_gradient")
def test_gradient_at_zero(student, rng):
    """The gradients are right where a logit is exactly 0."""
    assert_gradients(student, *zeros())


@points(2)
def test_extreme_logits(student, rng):
    """At logits of 60 and -60 the loss is still right, in float64 and in float32, to as many digits as elsewhere."""
    assert_losses(student, *extremes(np.float32), *extremes(np.float64))


@points(2)
@depends("test_gradient")
def test_extreme_gradient(student, rng):
    """At logits of 60 and -60 the gradients are finite and right, in float64 and in float32."""
    assert_gradients(student, *extremes(np.float32), *extremes(np.float64))


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [sent((*case[:3], np.ones_like(case[3]))) for case in cases(rng)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*map(tensor, next(cases(rng))))
    a, b = rng.normal(size=(2, 8))
    click = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0])
    conv = np.array([1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    for labels in ((click, conv), (click, click * conv), (1 - click, 0 * conv)):
        yield probe(*map(tensor, (a, b, *labels)), scenario=scenarios.value_and_gradients)
    for case in list(zeros())[:3]:
        yield probe(*sent(case), scenario=scenarios.value_and_gradients)
    for dtype in (np.float64, np.float32):
        *_, together = extremes(dtype)
        yield probe(*sent(together), scenario=scenarios.value_and_gradients)
        for row in (0, 5, 12):
            yield probe(*sent([part[row : row + 1] for part in together]), scenario=scenarios.value_and_gradients)
