"""ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv) -> scalar tensor.

Every row has a click label; `conv` is NaN where there is no conversion label.
"""

import numpy as np

from autograder.exercises.ctr_cvr_loss import scenarios
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

NAMES = ("click_logit", "conv_logit", "click", "conv", "w_click", "w_conv")
NAN = np.nan


def right(click_logit, conv_logit, click, conv, w_click, w_conv):
    """The loss."""
    observed = ~np.isnan(conv)
    click_loss, _ = bce_with_logits(click_logit, click)
    conv_loss, _ = bce_with_logits(conv_logit, np.where(observed, conv, 0.0))
    return w_click * click_loss.mean() + w_conv * conv_loss[observed].sum() / max(int(observed.sum()), 1)


def slopes(click_logit, conv_logit, click, conv, w_click, w_conv):
    """Its gradients in both logits, one per row."""
    observed = ~np.isnan(conv)
    _, by_click = bce_with_logits(click_logit, click)
    _, by_conv = bce_with_logits(conv_logit, np.where(observed, conv, 0.0))
    return np.stack([w_click * by_click / len(click), w_conv * by_conv * observed / max(int(observed.sum()), 1)])


def batch(click_logit, conv_logit, click, conv, w_click=1.0, w_conv=2.0, dtype=np.float64):
    arrays = (np.array(one, dtype) for one in (click_logit, conv_logit, click, conv))
    return *arrays, w_click, w_conv


def an_example():
    """Averages of 0.25 over five clicks and of 0.75 over the two conversion labels among them: 1.75 by hand."""
    return batch([logit_with_loss(0.25)] * 5, [logit_with_loss(0.75)] * 5, [1.0] * 5, [1.0, NAN, NAN, 1.0, NAN])


def random_batch(rng, n=12, dtype=np.float64, w_click=1.0, w_conv=2.0, complete=False):
    """Has clicked rows without and unclicked rows with a conversion label; ``complete`` has a label in every row."""
    click = rng.integers(0, 2, n).astype(float)
    conv = rng.integers(0, 2, n).astype(float)
    conv[rng.random(n) < 0.4] = NAN
    click[:4], conv[:4] = (1.0, 0.0, 1.0, 0.0), (NAN, 1.0, 0.0, NAN)
    if complete:
        conv = np.nan_to_num(conv)
    order = rng.permutation(n)
    logits = rng.normal(0.0, 2.0, (2, n))
    return batch(*logits, click[order], conv[order], w_click, w_conv, dtype)


def labels_apart_from_clicks():
    """One clicked row lacks its conversion label; one row that was not clicked has one."""
    yield batch([0.5, 0.5], [1.0, 3.0], [1.0, 1.0], [1.0, NAN])
    yield batch([0.5, 0.5], [1.0, 3.0], [1.0, 0.0], [1.0, 1.0])


def no_conversion_label(rng):
    yield batch([0.5], [0.5], [1.0], [NAN])
    for dtype in (np.float64, np.float32):
        click_logit, conv_logit, click, conv, *weights = random_batch(rng, 6, dtype, 0.7, 3.0)
        yield click_logit, conv_logit, click, np.full_like(conv, NAN), *weights


def zeros():
    """Logits of exactly 0: every head that starts with weights of 0 gives them."""
    for dtype in (np.float64, np.float32):
        yield batch([0.0], [1.0], [1.0], [1.0], dtype=dtype)
        yield batch([1.0], [0.0], [1.0], [1.0], dtype=dtype)
        yield batch([0.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, NAN], dtype=dtype)


def extremes(missing=False):
    """One extreme logit at a time; with ``missing``, also in a row without a conversion label."""
    for z in (200.0, -200.0):
        for y in (0.0, 1.0):
            for dtype in (np.float64, np.float32):
                yield batch([z], [1.0], [y], [1.0], dtype=dtype)
                yield batch([1.0], [z], [1.0], [y], dtype=dtype)
                if missing:
                    yield batch([1.0, 1.0], [z, z], [1.0, 1.0], [y, NAN], dtype=dtype)


def send(argument):
    return tensor(argument) if isinstance(argument, np.ndarray) else argument


def sent(case):
    return tuple(map(send, case))


def assert_losses(student, *cases):
    """A loss below 1 is compared as if it were 1: of 1e-87, or where a float32 rounds to 0, nothing has to be left."""
    agree(student, cases, right, NAMES, send=send, what="the loss", floor=1.0)


def assert_gradients(student, *cases):
    scenario, what = scenarios.value_and_gradients, "the gradient of `click_logit`, of `conv_logit`"
    agree(student, cases, slopes, NAMES, send=send, scenario=scenario, read=gradients, what=what, floor=1.0)


def gradients(answer, inputs):
    _, *found = several(answer, 3, "the loss with its gradients", inputs)
    for gradient in found:
        assert_true(gradient is not None, "The loss carries no gradient back to the logits: stay in torch.", inputs)
    without_a_leak(found[1], np.isnan(inputs["conv"]), inputs, "the gradient of `conv_logit`")
    return found


@points(2)
def test_value(student, rng):
    """The loss is w_click times the mean over all rows plus w_conv times the mean over the labelled rows."""
    small = (
        batch([0.5, 1.0], [2.0, -1.0], [0.0, 1.0], [0.0, NAN]),
        batch([0.5, 1.0], [2.0, -1.0], [1.0, 0.0], [0.0, NAN]),
    )
    others = (random_batch(rng, 12, dtype) for dtype in (np.float64, np.float32))
    assert_losses(student, an_example(), *small, *others, random_batch(rng, 40))


@points(1)
def test_weights(student, rng):
    """The two weights are used as they are given."""
    weights = ((0.0, 1.0), (1.0, 0.0), (3.0, 0.5), (0.02, 0.1), (2e4, 3e4))
    others = (random_batch(rng, 8, np.float64, *pair, complete=True) for pair in weights)
    assert_losses(student, batch([1.0], [2.0], [1.0], [0.0], 1.0, 1.0), *others)


@points(1)
def test_labels_decide(student, rng):
    """A conversion label counts where it is not NaN, whatever the click says."""
    assert_losses(student, *labels_apart_from_clicks())


@points(1)
def test_no_conversion_label(student, rng):
    """Without any conversion label the second term is exactly 0."""
    assert_losses(student, *no_conversion_label(rng))


@points(1)
def test_extreme_logits(student, rng):
    """The loss is right and finite for logits of 200 and -200."""
    assert_losses(student, *extremes())


@points(1)
@depends("test_value")
def test_gradient(student, rng):
    """Both gradients are right, and exactly 0 where a conversion label is missing."""
    others = (random_batch(rng, 12, dtype) for dtype in (np.float64, np.float32))
    assert_gradients(student, an_example(), *labels_apart_from_clicks(), *others)


@points(1)
@depends("test_gradient")
def test_gradient_at_zero(student, rng):
    """Both gradients are right where a logit is exactly 0."""
    assert_gradients(student, *zeros())


@points(1)
@depends("test_gradient", "test_no_conversion_label", "test_extreme_logits")
def test_gradient_at_the_edges(student, rng):
    """The gradients are right without any conversion label and for logits of 200 and -200."""
    assert_gradients(student, *no_conversion_label(rng), *extremes(missing=True))


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, map(sent, (an_example(), random_batch(rng))), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*sent(an_example()), after=True)
    yield probe(*sent(batch([1.0], [0.0], [1.0], [1.0], 0.0, 1.0)), scenario=scenarios.shortfall)
    cases = [an_example(), random_batch(rng, 9, np.float64, 0.5, 3.0), random_batch(rng, 6, complete=True)]
    cases += [*labels_apart_from_clicks(), *no_conversion_label(rng), *list(zeros())[:3]]
    for y, dtype in ((0.0, np.float64), (1.0, np.float64), (0.0, np.float32), (1.0, np.float32)):
        cases.append(batch([200.0, 1.0], [1.0, -200.0], [y, 1.0], [1.0, 1 - y], dtype=dtype))
    for case in cases:
        yield probe(*sent(case), scenario=scenarios.value_and_gradients)
