"""Clicks, conversions and propensities, against exact expectations and torch.nn.functional."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from mtl_teach.losses import masked_loss
from mtl_teach.selection import doubly_robust_loss, esmm_loss, inverse_propensity_loss, product_logit

DTYPE = torch.float64
NAN = float("nan")


def randoms(*shape, seed=0):
    return torch.rand(*shape, dtype=DTYPE, generator=torch.Generator().manual_seed(seed))


# --- the product of two probabilities ---


@given(st.floats(-15, 15), st.floats(-15, 15))
def test_the_product_logit_is_the_logit_of_the_product(a, b):
    a, b = torch.tensor(a, dtype=DTYPE), torch.tensor(b, dtype=DTYPE)
    torch.testing.assert_close(product_logit(a, b).sigmoid(), a.sigmoid() * b.sigmoid(), rtol=1e-10, atol=0)


@given(st.floats(-500, 500), st.floats(-500, 500))
def test_the_product_logit_is_symmetric_and_below_both(a, b):
    a, b = torch.tensor(a, dtype=DTYPE), torch.tensor(b, dtype=DTYPE)
    assert product_logit(a, b) == product_logit(b, a)
    assert product_logit(a, b) <= torch.minimum(a, b)


def test_a_certain_factor_leaves_the_other_unchanged():
    a = torch.tensor([-3.0, 0.0, 3.0], dtype=DTYPE)
    torch.testing.assert_close(product_logit(a, torch.full_like(a, 100.0)), a)


def test_the_product_logit_passes_gradcheck_of_both_orders():
    a, b = ((randoms(6, seed=s) * 8 - 4).requires_grad_() for s in (0, 1))
    assert torch.autograd.gradcheck(product_logit, (a, b))
    assert torch.autograd.gradgradcheck(product_logit, (a, b))


@pytest.mark.parametrize("a", [-200.0, -20.0, 0.0, 20.0, 200.0])
@pytest.mark.parametrize("b", [-200.0, -20.0, 0.0, 20.0, 200.0])
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_value_and_gradient_are_finite_and_right_in_float32(a, b, label):
    """The float64 result is the oracle."""
    results = []
    for dtype in (torch.float32, torch.float64):
        logits = torch.tensor([a, b], dtype=dtype, requires_grad=True)
        loss = F.binary_cross_entropy_with_logits(product_logit(logits[0], logits[1]), torch.tensor(label, dtype=dtype))
        loss.backward()
        results.append(torch.cat([loss.detach()[None], logits.grad]).double())
    torch.testing.assert_close(results[0], results[1], rtol=1e-5, atol=1e-7)


def test_the_product_of_probabilities_loses_the_gradient_that_the_logit_keeps():
    logits = torch.tensor([-20.0, -20.0], requires_grad=True)
    F.binary_cross_entropy_with_logits(product_logit(logits[0], logits[1]), torch.tensor(1.0)).backward()
    np.testing.assert_allclose(logits.grad, [-1.0, -1.0], rtol=1e-5)
    naive = torch.tensor([-20.0, -20.0], requires_grad=True)
    F.binary_cross_entropy(naive.sigmoid().prod(), torch.tensor(1.0)).backward()
    assert naive.grad.abs().max() < 1e-4


# --- ESMM ---


@pytest.fixture
def impressions():
    click_logit, conv_logit = (randoms(60, seed=s) * 6 - 3 for s in (0, 1))
    click = (randoms(60, seed=2) < 0.5).to(DTYPE)
    conv = (randoms(60, seed=3) < 0.5).to(DTYPE).masked_fill(click == 0, NAN)
    return click_logit, conv_logit, click, conv


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_esmm_is_two_cross_entropies_over_all_impressions(impressions, reduction):
    click_logit, conv_logit, click, conv = impressions
    both = click_logit.sigmoid() * conv_logit.sigmoid()
    expected = F.binary_cross_entropy(click_logit.sigmoid(), click, reduction=reduction)
    expected = expected + F.binary_cross_entropy(both, conv.nan_to_num(0.0) * click, reduction=reduction)
    torch.testing.assert_close(esmm_loss(*impressions, reduction=reduction), expected)


def test_an_unclicked_impression_is_a_true_zero_of_the_product_and_moves_the_conversion_logit():
    logits = torch.zeros(2, 1, requires_grad=True)
    esmm_loss(logits[0], logits[1], torch.zeros(1), torch.full((1,), NAN)).backward()
    assert logits.grad.isfinite().all()
    assert logits.grad[1].item() > 0


def test_what_stands_in_conv_where_nobody_clicked_does_not_matter(impressions):
    click_logit, conv_logit, click, conv = impressions
    for value in (0.0, 1.0, 7.0):
        filled = conv.masked_fill(click == 0, value)
        assert torch.equal(esmm_loss(click_logit, conv_logit, click, filled), esmm_loss(*impressions))


def test_the_minimum_of_esmm_is_the_true_click_and_conversion_rate():
    """100 impressions, 40 clicks, 10 conversions: at the optimum 0.4 and 10 / 40."""
    click = torch.cat([torch.ones(40), torch.zeros(60)]).to(DTYPE)
    conv = torch.cat([torch.ones(10), torch.zeros(30), torch.full((60,), NAN)]).to(DTYPE)
    logits = torch.tensor(np.log([0.4 / 0.6, 0.25 / 0.75]), dtype=DTYPE, requires_grad=True)
    esmm_loss(logits[0].expand(100), logits[1].expand(100), click, conv).backward()
    np.testing.assert_allclose(logits.grad, 0.0, atol=1e-12)


def test_a_weight_of_k_is_the_impression_repeated_k_times(impressions):
    weight = torch.ones(60, dtype=DTYPE)
    weight[5] = 3.0
    repeated = [torch.cat([column, column[5:6], column[5:6]]) for column in impressions]
    torch.testing.assert_close(esmm_loss(*impressions, weight=weight), esmm_loss(*repeated))


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_esmm_passes_gradcheck(impressions, reduction):
    click_logit, conv_logit, click, conv = (column[:6] for column in impressions)
    assert torch.autograd.gradcheck(
        lambda a, b: esmm_loss(a, b, click, conv, reduction=reduction),
        (click_logit.requires_grad_(), conv_logit.requires_grad_()),
    )


@pytest.mark.parametrize("logit", [-60.0, 60.0, -200.0, 200.0])
def test_esmm_is_finite_in_float32_at_extremes(logit):
    logits = torch.full((2, 3), logit, requires_grad=True)
    loss = esmm_loss(logits[0], logits[1], torch.tensor([0, 1, 1]), torch.tensor([NAN, 0.0, 1.0]))
    loss.backward()
    assert loss.isfinite()
    assert logits.grad.isfinite().all()


def test_an_empty_batch_gives_esmm_zero():
    empty = torch.zeros(0, requires_grad=True)
    loss = esmm_loss(empty, empty, torch.zeros(0), torch.zeros(0))
    loss.backward()
    assert loss.item() == 0.0


def test_integer_and_boolean_clicks_are_welcome(impressions):
    click_logit, conv_logit, click, conv = impressions
    filled = conv.nan_to_num(0.0)
    for convert in (torch.Tensor.bool, torch.Tensor.long):
        got = esmm_loss(click_logit, conv_logit, convert(click), convert(filled))
        assert torch.equal(got, esmm_loss(*impressions))


# --- propensities: exact expectations over every pattern of observation ---

LOSS = torch.tensor([0.2, 1.0, 3.0, 0.5, 2.0], dtype=DTYPE)
PROPENSITY = torch.tensor([0.9, 0.5, 0.05, 0.7, 0.2], dtype=DTYPE)
GUESS = torch.tensor([0.5, 0.5, 2.0, 1.0, 1.0], dtype=DTYPE)


def expectation(estimator):
    """Return the mean of `estimator(observed)` over all 2⁵ patterns, each with its true probability."""
    total = 0.0
    for pattern in itertools.product([False, True], repeat=len(LOSS)):
        observed = torch.tensor(pattern)
        probability = torch.where(observed, PROPENSITY, 1 - PROPENSITY).prod()
        total += float(probability * estimator(observed))
    return total


def test_ips_is_exactly_unbiased():
    mean = expectation(lambda observed: inverse_propensity_loss(LOSS, observed, PROPENSITY))
    assert mean == pytest.approx(float(LOSS.mean()), abs=1e-12)


def test_the_plain_mean_over_observed_losses_is_not():
    ones = torch.ones_like(PROPENSITY)
    naive = expectation(lambda observed: inverse_propensity_loss(LOSS, observed, ones, normalise=True))
    assert abs(naive - float(LOSS.mean())) > 0.3


@pytest.mark.parametrize("clip", [0.1, 0.3, 1.0])
def test_clipping_is_a_bias_of_known_size(clip):
    mean = expectation(lambda observed: inverse_propensity_loss(LOSS, observed, PROPENSITY, clip=clip))
    bias = -float((LOSS * (1 - PROPENSITY / clip).clamp(min=0)).mean())
    assert mean - float(LOSS.mean()) == pytest.approx(bias, abs=1e-12)
    assert bias < -0.2


def test_the_number_that_clipping_at_a_tenth_costs_here_is_minus_0_30():
    mean = expectation(lambda observed: inverse_propensity_loss(LOSS, observed, PROPENSITY, clip=0.1))
    assert mean - float(LOSS.mean()) == pytest.approx(-0.30, abs=1e-12)


@pytest.mark.parametrize(
    ("imputed", "propensity"),
    [(GUESS, PROPENSITY), (LOSS, torch.full_like(PROPENSITY, 0.5)), (LOSS, PROPENSITY)],
    ids=["only the propensity is right", "only the imputation is right", "both are right"],
)
def test_doubly_robust_is_exactly_unbiased_if_one_of_the_two_is_right(imputed, propensity):
    mean = expectation(lambda observed: doubly_robust_loss(LOSS, imputed, observed, propensity))
    assert mean == pytest.approx(float(LOSS.mean()), abs=1e-12)


def test_doubly_robust_is_biased_if_both_are_wrong():
    wrong = torch.full_like(PROPENSITY, 0.5)
    mean = expectation(lambda observed: doubly_robust_loss(LOSS, GUESS, observed, wrong))
    assert abs(mean - float(LOSS.mean())) > 0.1


@pytest.mark.parametrize("clip", [0.1, 0.3])
def test_a_clipped_propensity_biases_the_correction_by_a_known_amount_and_not_where_the_guess_is_right(clip):
    def mean(imputed):
        return expectation(lambda observed: doubly_robust_loss(LOSS, imputed, observed, PROPENSITY, clip=clip))

    bias = -float(((LOSS - GUESS) * (1 - PROPENSITY / clip).clamp(min=0)).mean())
    assert abs(bias) > 0.01
    assert mean(GUESS) - float(LOSS.mean()) == pytest.approx(bias, abs=1e-12)
    assert mean(LOSS) == pytest.approx(float(LOSS.mean()), abs=1e-12)


@pytest.mark.parametrize("pattern", list(itertools.product([False, True], repeat=5)), ids=str)
def test_a_normalised_correction_stays_within_the_errors_and_ignores_a_common_factor(pattern):
    observed = torch.tensor(pattern)
    value = doubly_robust_loss(LOSS, GUESS, observed, PROPENSITY, normalise=True)
    halved = doubly_robust_loss(LOSS, GUESS, observed, PROPENSITY / 2, normalise=True)
    assert value.item() == pytest.approx(halved.item(), abs=1e-12)
    correction = value - GUESS.mean()
    if observed.any():
        errors = (LOSS - GUESS)[observed]
        assert errors.min() - 1e-12 <= correction <= errors.max() + 1e-12
    else:
        assert correction.item() == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("pattern", list(itertools.product([False, True], repeat=5)), ids=str)
def test_snips_stays_within_the_losses_and_ignores_a_common_factor(pattern):
    observed = torch.tensor(pattern)
    value = inverse_propensity_loss(LOSS, observed, PROPENSITY, normalise=True)
    halved = inverse_propensity_loss(LOSS, observed, PROPENSITY / 2, normalise=True)
    assert value.item() == pytest.approx(halved.item(), abs=1e-12)
    if observed.any():
        assert LOSS[observed].min() - 1e-12 <= value <= LOSS[observed].max() + 1e-12
    else:
        assert value.item() == 0.0


def test_with_everything_observed_for_certain_all_three_are_the_mean():
    ones, seen = torch.ones_like(LOSS), torch.ones(5, dtype=torch.bool)
    for normalise in (False, True):
        assert inverse_propensity_loss(LOSS, seen, ones, normalise=normalise) == LOSS.mean()
    torch.testing.assert_close(doubly_robust_loss(LOSS, GUESS, seen, ones), LOSS.mean())


# --- gradients ---


@pytest.mark.parametrize("normalise", [False, True])
def test_no_gradient_flows_into_the_propensity(normalise):
    propensity = PROPENSITY.clone().requires_grad_()
    loss = LOSS.clone().requires_grad_()
    observed = torch.tensor([True, False, True, True, False])
    total = inverse_propensity_loss(loss, observed, propensity, normalise=normalise)
    (total + doubly_robust_loss(loss, GUESS, observed, propensity)).backward()
    assert propensity.grad is None
    assert (loss.grad != 0).tolist() == observed.tolist()


@pytest.mark.parametrize("normalise", [False, True])
def test_the_reweighted_losses_pass_gradcheck(normalise):
    observed = torch.tensor([True, False, True, True, False])
    loss, imputed = LOSS.clone().requires_grad_(), GUESS.clone().requires_grad_()
    assert torch.autograd.gradcheck(
        lambda x: inverse_propensity_loss(x, observed, PROPENSITY, clip=0.1, normalise=normalise), (loss,)
    )
    assert torch.autograd.gradcheck(lambda x, g: doubly_robust_loss(x, g, observed, PROPENSITY), (loss, imputed))


def test_missing_labels_reweighted_through_masked_loss_leave_no_nan_gradient():
    pred = torch.zeros(3, 1, requires_grad=True)
    target = torch.tensor([[1.0], [NAN], [2.0]])
    losses = masked_loss(pred, target, reduction="none")[:, 0]
    inverse_propensity_loss(losses, ~target[:, 0].isnan(), torch.full((3,), 0.5)).backward()
    assert pred.grad.isfinite().all()


def test_a_nan_loss_that_was_not_observed_is_left_out_of_the_value():
    loss, observed = torch.tensor([1.0, NAN]), torch.tensor([True, False])
    half = torch.tensor([0.5, 0.5])
    assert inverse_propensity_loss(loss, observed, half).item() == 1.0
    assert doubly_robust_loss(loss, torch.ones(2), observed, half).item() == 1.0


@pytest.mark.parametrize("n", [0, 4], ids=["empty batch", "nothing observed"])
def test_nothing_observed_gives_zero_and_no_nan(n):
    loss = torch.ones(n, requires_grad=True)
    unseen, propensity = torch.zeros(n, dtype=torch.bool), torch.full((n,), 0.5)
    for normalise in (False, True):
        assert inverse_propensity_loss(loss, unseen, propensity, normalise=normalise).item() == 0.0
    value = doubly_robust_loss(loss, torch.zeros(n), unseen, propensity)
    value.backward()
    assert value.item() == 0.0
    assert (loss.grad == 0).all()


def test_tiny_propensities_stay_finite_in_float32():
    value = inverse_propensity_loss(torch.ones(2), torch.tensor([True, True]), torch.tensor([1e-30, 1.0]))
    assert value.isfinite()


# --- bad input ---

ONES = torch.ones(4)
SEEN = ONES > 0


@pytest.mark.parametrize(
    ("a", "b", "error", "message"),
    [
        (ONES, torch.ones(3), ValueError, r"`b` must have the shape of `a`, \(4,\); got \(3,\)\."),
        (ONES.int(), ONES, TypeError, r"`a` must have a floating-point dtype; got torch\.int32\."),
        (ONES, ONES.int(), TypeError, r"`b` must have a floating-point dtype; got torch\.int32\."),
        (0.5, ONES, TypeError, r"`a` must be a torch tensor; got float\."),
        (ONES, ONES.to("meta"), ValueError, r"`b` must be on the device of `a`, cpu; got meta\."),
    ],
    ids=["shape", "first dtype", "second dtype", "float", "device"],
)
def test_bad_input_to_the_product_logit_is_named(a, b, error, message):
    with pytest.raises(error, match=message):
        product_logit(a, b)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"click_logit": ONES[None]},
            ValueError,
            r"`click_logit` must have shape \(n_samples,\); got \(1, 4\)\.",
        ),
        (
            {"conv_logit": ONES[:2]},
            ValueError,
            r"`conv_logit` must have the shape of `click_logit`, \(4,\); got \(2,\)\.",
        ),
        (
            {"conv_logit": SEEN},
            TypeError,
            r"`conv_logit` must have a floating-point dtype; got torch\.bool\.",
        ),
        (
            {"click": ONES[:, None]},
            ValueError,
            r"`click` must have the shape of `click_logit`, \(4,\); got \(4, 1\)",
        ),
        ({"click": ONES * 0.5}, ValueError, r"`click` must be 0 or 1; got 0\.5 at index 0\."),
        ({"conv": ONES * NAN}, ValueError, r"`conv` must be 0 or 1; got nan at index 0\."),
        (
            {"conv": ONES[:3]},
            ValueError,
            r"`conv` must have the shape of `click_logit`, \(4,\); got \(3,\)\.",
        ),
        (
            {"conv": ONES.to("meta")},
            ValueError,
            r"`conv` must be on the device of `click_logit`, cpu; got meta",
        ),
        ({"weight": -ONES}, ValueError, r"`weight` must be non-negative and finite; got -1 at index 0\."),
        (
            {"weight": ONES[:3]},
            ValueError,
            r"`weight` must have the shape of `click_logit`, \(4,\); got \(3,\)\.",
        ),
        ({"weight": SEEN}, TypeError, r"`weight` must have a floating-point dtype; got torch\.bool\."),
        (
            {"reduction": "task"},
            ValueError,
            r"`reduction` must be one of 'mean', 'sum', 'none'; got 'task'\.",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_bad_input_to_esmm_is_named(arguments, error, message):
    given_ = {"click_logit": ONES, "conv_logit": ONES, "click": ONES, "conv": ONES, **arguments}
    with pytest.raises(error, match=message):
        esmm_loss(**given_)


REWEIGHTED = {
    "ips": inverse_propensity_loss,
    "doubly robust": lambda loss, observed, propensity: doubly_robust_loss(loss, ONES, observed, propensity),
}


@pytest.mark.parametrize("estimator", REWEIGHTED.values(), ids=REWEIGHTED)
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"propensity": ONES * 0}, ValueError, r"`propensity` must lie in \(0, 1\]; got 0 at index 0\."),
        ({"propensity": ONES * 1.5}, ValueError, r"`propensity` must lie in \(0, 1\]; got 1\.5 at index 0\."),
        ({"propensity": ONES * NAN}, ValueError, r"`propensity` must lie in \(0, 1\]; got nan at index 0\."),
        (
            {"propensity": SEEN},
            TypeError,
            r"`propensity` must have a floating-point dtype; got torch\.bool\.",
        ),
        (
            {"propensity": ONES[:3]},
            ValueError,
            r"`propensity` must have the shape of `loss`, \(4,\); got \(3,\)",
        ),
        ({"observed": ONES}, TypeError, r"`observed` must have a boolean dtype; got torch\.float32\."),
        (
            {"observed": SEEN[:3]},
            ValueError,
            r"`observed` must have the shape of `loss`, \(4,\); got \(3,\)\.",
        ),
        (
            {"observed": SEEN.to("meta")},
            ValueError,
            r"`observed` must be on the device of `loss`, cpu; got meta",
        ),
        ({"loss": ONES[None]}, ValueError, r"`loss` must have shape \(n_samples,\); got \(1, 4\)\."),
        ({"loss": ONES.int()}, TypeError, r"`loss` must have a floating-point dtype; got torch\.int32\."),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_bad_input_to_the_reweighted_losses_is_named(estimator, arguments, error, message):
    with pytest.raises(error, match=message):
        estimator(**{"loss": ONES, "observed": SEEN, "propensity": ONES, **arguments})


def test_a_clip_outside_the_unit_interval_is_named():
    with pytest.raises(ValueError, match=r"`clip` must lie in \[0, 1\]; got 2\."):
        inverse_propensity_loss(ONES, SEEN, ONES, clip=2.0)


@pytest.mark.parametrize(
    ("imputed", "error", "message"),
    [
        (ONES[:3], ValueError, r"`imputed` must have the shape of `loss`, \(4,\); got \(3,\)\."),
        (SEEN, TypeError, r"`imputed` must have a floating-point dtype; got torch\.bool\."),
    ],
    ids=["shape", "dtype"],
)
def test_a_bad_imputation_is_named(imputed, error, message):
    with pytest.raises(error, match=message):
        doubly_robust_loss(ONES, imputed, SEEN, ONES)


@pytest.mark.parametrize("normalise", [False, True])
def test_reweighting_more_rows_than_float16_can_count_is_right(normalise):
    n = 100_000
    loss, seen = torch.ones(n).half(), torch.ones(n, dtype=torch.bool)
    half = torch.full((n,), 0.5).half()
    assert inverse_propensity_loss(loss, seen, half, normalise=normalise).item() == (1.0 if normalise else 2.0)
    assert doubly_robust_loss(loss, loss, seen, half, normalise=normalise).item() == 1.0
    zero = torch.zeros(n).half()
    assert esmm_loss(zero, zero, torch.ones(n), torch.ones(n)).item() == pytest.approx(3 * np.log(2), abs=1e-2)
