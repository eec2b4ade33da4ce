"""Adaptive loss weights, against torch.nn.functional, TorchJD, autograd and closed forms."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torchjd import scalarization as jd

from mtl_teach.weighting import (
    DynamicWeightAverage,
    GradNorm,
    PerformanceWeighting,
    UncertaintyWeighting,
    WeightedSum,
    Weighting,
    gradnorm_targets,
)

DTYPE = torch.float64
POSITIVE = st.lists(st.floats(1e-3, 1e3), min_size=3, max_size=3)


def vector(values):
    return torch.tensor(values, dtype=DTYPE)


def two_task_network(scale=1.0):
    """Return (losses, shared parameter): two tasks whose gradients differ in length and direction."""
    shared = torch.tensor([[0.5, -1.0], [2.0, 0.3]], dtype=DTYPE, requires_grad=True)
    out = torch.tanh(shared @ vector([1.0, 2.0]))
    return scale * torch.stack([(out[0] - 1) ** 2 + 0.1, 5 * (out.sum() + 1) ** 2 + 0.1]), shared


def built():
    """Return one weighting of each kind for two tasks, each after some news that moved its weights."""
    uncertainty = UncertaintyWeighting(["regression", "classification"])
    with torch.no_grad():
        uncertainty.log_variances.copy_(torch.tensor([1.0, -1.0]))
    average = DynamicWeightAverage(2)
    average.step(torch.tensor([1.0, 1.0]))
    average.step(torch.tensor([0.2, 0.9]))
    norm = GradNorm(2)
    losses, shared = two_task_network()
    norm.update(losses, shared)
    performance = PerformanceWeighting(2)
    performance.step(torch.tensor([0.9, 0.4]))
    return [WeightedSum([2.0, 0.5]), uncertainty, average, norm, performance]


every_weighting = pytest.mark.parametrize("index", range(5), ids=[type(w).__name__ for w in built()])


# --- what all of them promise ---


@every_weighting
def test_the_value_is_a_scalar_and_its_gradient_the_weights(index):
    weighting = built()[index]
    losses = torch.tensor([0.25, 4.0], requires_grad=True)
    total = weighting(losses)
    total.backward()
    assert total.shape == ()
    torch.testing.assert_close(losses.grad, weighting.weights)
    assert not weighting.weights.requires_grad
    assert (weighting.weights >= 0).all()


@every_weighting
def test_reset_goes_back_to_the_beginning_and_news_then_counts_as_the_first(index):
    weighting, fresh = built()[index], built()[index]
    weighting.reset()
    expected = {0: [2.0, 0.5], 1: [0.5, 1.0]}.get(index, [1.0, 1.0])
    assert weighting.weights.tolist() == expected
    if isinstance(weighting, DynamicWeightAverage):
        weighting.step(torch.tensor([3.0, 5.0]))
        assert weighting.weights.tolist() == [1.0, 1.0]
    if isinstance(weighting, GradNorm):
        losses, shared = two_task_network()
        weighting.update(losses, shared)
        torch.testing.assert_close(weighting.weights, fresh.weights)
    if isinstance(weighting, PerformanceWeighting):
        weighting.step(torch.tensor([0.9, 0.4]))
        torch.testing.assert_close(weighting.weights, fresh.weights)


@every_weighting
def test_the_state_dict_carries_weights_and_memory(index):
    weighting, other = built()[index], built()[index]
    other.reset()
    other.load_state_dict(weighting.state_dict())
    torch.testing.assert_close(other.weights, weighting.weights)
    torch.testing.assert_close(other.state_dict(), weighting.state_dict(), equal_nan=True)


@every_weighting
def test_the_objective_passes_gradcheck(index):
    weighting = built()[index].double()
    losses = vector([0.25, 4.0]).requires_grad_()
    assert torch.autograd.gradcheck(weighting, (losses,))


@every_weighting
def test_extreme_losses_stay_finite_in_float32(index):
    losses = torch.tensor([1e-30, 1e30], requires_grad=True)
    total = built()[index](losses)
    total.backward()
    assert total.isfinite()
    assert losses.grad.isfinite().all()


@every_weighting
@pytest.mark.parametrize(
    ("losses", "error", "message"),
    [
        (torch.ones(2, 1), ValueError, r"`losses` must have shape \(n_tasks,\); got \(2, 1\)\."),
        (torch.ones(3), ValueError, r"`weights` must have shape \(n_tasks,\) = \(3,\); got \(2,\)\."),
        (torch.ones(2).int(), TypeError, r"`losses` must have a floating-point dtype; got torch\.int32\."),
        (torch.ones(2, device="meta"), ValueError, r"`weights` must be on the device of `losses`, meta; got cpu"),
    ],
    ids=["matrix", "number of tasks", "integers", "device"],
)
def test_bad_losses_are_named(index, losses, error, message):
    with pytest.raises(error, match=message):
        built()[index](losses)


@pytest.mark.parametrize("make", [Weighting, DynamicWeightAverage, GradNorm, PerformanceWeighting])
def test_no_task_at_all_is_named(make):
    with pytest.raises(ValueError, match=r"`n_tasks` must be at least 1; got 0\."):
        make(0)


@pytest.mark.parametrize(
    "weighting",
    [DynamicWeightAverage(1), GradNorm(1), PerformanceWeighting(1)],
    ids=lambda weighting: type(weighting).__name__,
)
def test_a_single_task_keeps_weight_one(weighting):
    w = torch.ones(1, requires_grad=True)
    for value in (0.9, 0.3, 0.5):
        if isinstance(weighting, GradNorm):
            weighting.update(value * w**2, w)
        else:
            weighting.step(torch.tensor([value]))
    assert weighting.weights.tolist() == [1.0]


# --- weighted sum ---


def test_the_worked_example_of_house_price_and_time():
    assert WeightedSum([2.0, 0.5])(torch.tensor([0.25, 4.0])).item() == 2.5


def test_chosen_weights_are_a_copy():
    weights = torch.tensor([1.0, 2.0])
    weighting = WeightedSum(weights)
    weights[0] = 9.0
    assert weighting.weights.tolist() == [1.0, 2.0]
    assert list(weighting.parameters()) == []


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, -1.0], r"`weights` must be non-negative and finite; got -1 at index 1\."),
        ([math.inf], r"`weights` must be non-negative and finite; got inf at index 0\."),
        (1.0, r"`weights` must have shape \(n_tasks,\); got \(\)\."),
        ([], r"`n_tasks` must be at least 1; got 0\."),
    ],
    ids=["negative", "infinite", "number", "empty"],
)
def test_bad_weights_are_named(weights, message):
    with pytest.raises(ValueError, match=message):
        WeightedSum(weights)


# --- uncertainty weighting ---


@given(st.floats(-5, 5), st.lists(st.floats(-10, 10), min_size=4, max_size=4))
def test_for_regression_it_is_the_gaussian_likelihood(s, errors):
    weighting = UncertaintyWeighting(["regression"]).double()
    with torch.no_grad():
        weighting.log_variances.fill_(s)
    pred, target = vector(errors), torch.zeros(4, dtype=DTYPE)
    expected = F.gaussian_nll_loss(pred, target, torch.full((4,), math.exp(s), dtype=DTYPE), eps=1e-12)
    got = weighting(F.mse_loss(pred, target)[None])
    torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-9)


def test_for_classification_it_is_the_softmax_likelihood_at_sigma_one_to_first_order():
    """CE of logits / σ² against the approximation: equal value and slope in the logits at s = 0."""
    logits = torch.randn(6, 3, dtype=DTYPE, generator=torch.Generator().manual_seed(0))
    target = torch.tensor([0, 1, 2, 0, 1, 2])
    weighting = UncertaintyWeighting(["classification"]).double()
    errors = []
    for s in (0.0, 0.01, 0.1):
        with torch.no_grad():
            weighting.log_variances.fill_(s)
        exact = F.cross_entropy(logits * math.exp(-s), target)
        errors.append((weighting(F.cross_entropy(logits, target)[None]) - exact).abs().item())
    assert errors[0] == pytest.approx(0.0, abs=1e-15)
    assert errors[0] < errors[1] < errors[2] < 0.1


def test_regression_and_classification_differ_by_the_factor_one_half():
    weighting = UncertaintyWeighting(["regression", "classification"]).double()
    with torch.no_grad():
        weighting.log_variances.copy_(vector([1.0, 1.0]))
    np.testing.assert_allclose(weighting.weights, [0.5 * math.exp(-1), math.exp(-1)])
    value = weighting(vector([3.0, 0.7])).item()
    assert value == pytest.approx(1.5 * math.exp(-1) + 0.5 + 0.7 * math.exp(-1) + 0.5)


def test_with_regression_for_every_task_it_is_torchjds():
    ours, theirs = UncertaintyWeighting(["regression"] * 3).double(), jd.UW(3).double()
    with torch.no_grad():
        ours.log_variances.copy_(vector([0.5, -1.0, 2.0]))
        theirs.log_var.copy_(ours.log_variances)
    losses = vector([0.3, 2.0, 50.0])
    torch.testing.assert_close(ours(losses), theirs(losses), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("kind", "factor"), [("regression", 1.0), ("classification", 2.0)])
def test_the_log_variance_settles_at_the_log_of_the_training_loss(kind, factor):
    weighting = UncertaintyWeighting([kind]).double()
    losses = vector([0.037])
    optimiser = torch.optim.Adam(weighting.parameters(), lr=0.05)
    for _ in range(2000):
        optimiser.zero_grad()
        weighting(losses).backward()
        optimiser.step()
    assert weighting.log_variances.item() == pytest.approx(math.log(factor * 0.037), abs=1e-4)


def test_the_gradient_with_respect_to_the_log_variances_passes_gradcheck():
    weighting = UncertaintyWeighting(["regression", "classification"]).double()
    losses = vector([0.25, 4.0])

    def objective(s):
        return torch.func.functional_call(weighting, {"log_variances": s}, (losses,))

    assert torch.autograd.gradcheck(objective, (vector([0.3, -2.0]).requires_grad_(),))


@pytest.mark.parametrize("s", [-60.0, 60.0])
def test_extreme_log_variances_stay_finite_in_float32(s):
    weighting = UncertaintyWeighting(["regression", "classification"])
    with torch.no_grad():
        weighting.log_variances.fill_(s)
    total = weighting(torch.tensor([0.5, 0.5]))
    total.backward()
    assert total.isfinite()
    assert weighting.log_variances.grad.isfinite().all()


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ([], r"`kinds` must be a sequence with one kind a task; got \[\]\."),
        ("regression", r"`kinds` must be a sequence with one kind a task; got 'regression'\."),
        (["ordinal"], r"`kinds` must be one of 'regression', 'classification'; got 'ordinal'\."),
    ],
    ids=["empty", "one word", "unknown"],
)
def test_bad_kinds_are_named(kinds, message):
    with pytest.raises(ValueError, match=message):
        UncertaintyWeighting(kinds)


# --- dynamic weight average ---


@pytest.mark.parametrize("temperature", [0.5, 2.0, 10.0])
def test_dwa_equals_torchjds_epoch_by_epoch(temperature):
    generator = torch.Generator().manual_seed(0)
    ours, theirs = DynamicWeightAverage(3, temperature).double(), jd.DWA(temperature)
    for _ in range(6):
        batches = torch.rand(4, 3, dtype=DTYPE, generator=generator) + 0.1
        for losses in batches:
            torch.testing.assert_close(ours(losses), theirs(losses), rtol=1e-12, atol=1e-12)
        theirs.step()
        ours.step(batches.mean(0))


def test_dwa_is_uniform_for_two_epochs():
    weighting = DynamicWeightAverage(3)
    assert weighting.weights.tolist() == [1.0, 1.0, 1.0]
    weighting.step(torch.tensor([1.0, 2.0, 3.0]))
    assert weighting.weights.tolist() == [1.0, 1.0, 1.0]
    weighting.step(torch.tensor([0.9, 0.2, 3.0]))
    assert weighting.weights.tolist() != [1.0, 1.0, 1.0]


@given(POSITIVE, POSITIVE, POSITIVE)
def test_dwa_weights_sum_to_the_number_of_tasks_and_ignore_units(first, second, units):
    weighting, rescaled = DynamicWeightAverage(3).double(), DynamicWeightAverage(3).double()
    for losses in (vector(first), vector(second)):
        weighting.step(losses)
        rescaled.step(losses * vector(units))
    assert weighting.weights.sum().item() == pytest.approx(3.0)
    torch.testing.assert_close(weighting.weights, rescaled.weights)


@pytest.mark.parametrize(
    ("losses", "error", "message"),
    [
        ([1.0, 0.0], ValueError, r"`epoch_mean_losses` must be positive and finite; got 0 at index 1\."),
        ([math.nan, 1.0], ValueError, r"`epoch_mean_losses` must be positive and finite; got nan at index 0\."),
        ([1.0], ValueError, r"`epoch_mean_losses` must have shape \(n_tasks,\) = \(2,\); got \(1,\)\."),
        ([1, 2], TypeError, r"`epoch_mean_losses` must have a floating-point dtype; got torch\.int64\."),
    ],
    ids=["zero", "nan", "length", "integers"],
)
def test_bad_epoch_losses_are_named(losses, error, message):
    with pytest.raises(error, match=message):
        DynamicWeightAverage(2).step(torch.tensor(losses))


def test_epoch_losses_on_another_device_are_named():
    message = r"`epoch_mean_losses` must be on the device of `weights`, cpu; got meta\."
    with pytest.raises(ValueError, match=message):
        DynamicWeightAverage(2).step(torch.ones(2, device="meta"))


@pytest.mark.parametrize("temperature", [0.0, -1.0])
def test_a_temperature_that_is_not_positive_is_named(temperature):
    with pytest.raises(ValueError, match=r"`temperature` must be positive; got "):
        DynamicWeightAverage(2, temperature=temperature)


# --- GradNorm ---


def test_gradnorm_targets_are_mean_norm_times_relative_rate_to_the_alpha():
    norms, losses, initial = vector([1.0, 2.0, 6.0]), vector([0.5, 0.2, 9.0]), vector([1.0, 2.0, 10.0])
    rate = np.array([0.5, 0.1, 0.9])
    expected = 3.0 * (rate / rate.mean()) ** 1.5
    np.testing.assert_allclose(gradnorm_targets(norms, losses, initial, alpha=1.5), expected)


def test_gradnorm_targets_differ_between_tasks_and_alpha_zero_makes_them_equal():
    norms, losses, initial = vector([1.0, 2.0]), vector([0.5, 0.1]), vector([1.0, 1.0])
    targets = gradnorm_targets(norms, losses, initial, alpha=1.5)
    assert targets[0] > 1.5 > targets[1]
    assert gradnorm_targets(norms, losses, initial, alpha=0.0).tolist() == [1.5, 1.5]


def test_gradnorm_targets_are_constants_of_the_derivative():
    norms = vector([1.0, 2.0]).requires_grad_()
    assert not gradnorm_targets(norms, norms * 2, vector([1.0, 1.0]), alpha=1.5).requires_grad


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.5])
def test_the_step_is_that_of_differentiating_twice(alpha):
    """Equation 2 by automatic differentiation through the gradient norms, targets held constant."""
    losses, shared = two_task_network()
    initial = vector([2.0, 30.0])
    weighting = GradNorm(2, alpha=alpha, initial=initial, lr=0.1).double()
    weighting.weights = vector([0.4, 1.6])
    w = weighting.weights.clone().requires_grad_()
    norms = [torch.autograd.grad(w[t] * losses[t], shared, create_graph=True)[0].norm() for t in range(2)]
    norms = torch.stack(norms)
    targets = gradnorm_targets(norms, losses, initial, alpha)
    (slope,) = torch.autograd.grad((norms - targets).abs().sum(), w, retain_graph=True)
    moved = w.detach() - 0.1 * slope / (norms / w).mean().detach()
    weighting.update(losses, shared)
    torch.testing.assert_close(weighting.weights, 2 * moved / moved.sum(), rtol=1e-12, atol=1e-12)


def test_with_alpha_zero_the_weighted_norms_become_equal():
    weighting = GradNorm(2, alpha=0.0, lr=0.01).double()
    losses, shared = two_task_network()
    for _ in range(600):
        weighting.update(losses, shared)
    norms = [torch.autograd.grad(loss, shared, retain_graph=True)[0].norm() for loss in losses]
    weighted = weighting.weights * torch.stack(norms)
    assert weighted.max() / weighted.min() < 1.1


def test_a_slow_task_gets_a_larger_norm_the_larger_alpha_is():
    losses, shared = two_task_network()
    shares = []
    for alpha in (0.0, 1.0, 2.0):
        # The second task has kept 0.9 of its first loss, the first task only 0.3.
        weighting = GradNorm(2, alpha=alpha, initial=losses.detach() / vector([0.3, 0.9]), lr=0.01).double()
        for _ in range(600):
            weighting.update(losses, shared)
        shares.append(weighting.weights[1].item())
    assert shares[0] < shares[1] < shares[2]


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_gradnorm_does_not_depend_on_a_common_unit(scale):
    weightings = [GradNorm(2, lr=0.1).double() for _ in range(2)]
    for weighting, factor in zip(weightings, (1.0, scale)):
        for _ in range(20):
            weighting.update(*two_task_network(factor))
    torch.testing.assert_close(weightings[0].weights, weightings[1].weights)


def test_gradnorm_weights_stay_non_negative_and_sum_to_the_number_of_tasks():
    weighting = GradNorm(2, lr=0.9).double()
    for _ in range(50):
        weighting.update(*two_task_network())
        assert (weighting.weights >= 0).all()
        assert weighting.weights.sum().item() == pytest.approx(2.0)


def test_gradnorm_remembers_the_first_losses():
    weighting = GradNorm(2).double()
    assert weighting.initial_losses.isnan().all()
    losses, shared = two_task_network()
    weighting.update(losses, shared)
    weighting.update(losses * 0.5, shared)
    torch.testing.assert_close(weighting.initial_losses, losses.detach())


def test_an_update_between_forward_and_backward_breaks_neither():
    losses, shared = two_task_network()
    weighting = GradNorm(2).double()
    total = weighting(losses)
    weighting.update(losses, shared)
    total.backward()
    fresh_losses, fresh_shared = two_task_network()
    torch.testing.assert_close(shared.grad, torch.autograd.grad(fresh_losses.sum(), fresh_shared)[0])


def test_gradients_of_zero_leave_the_weights_alone():
    shared = torch.ones(2, dtype=DTYPE, requires_grad=True)
    weighting = GradNorm(2).double()
    weighting.update(1 + 0 * shared, shared)
    assert weighting.weights.tolist() == [1.0, 1.0]


def test_a_task_without_labels_in_a_batch_leaves_finite_weights():
    weighting = GradNorm(2, initial=torch.ones(2)).double()
    losses, shared = two_task_network()
    weighting.update(losses * vector([1.0, 0.0]), shared)
    assert weighting.weights.isfinite().all()
    assert weighting.weights.sum().item() == pytest.approx(2.0)


def test_gradnorm_trains_a_network_and_the_weights_are_no_parameters():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        trunk, head = nn.Linear(3, 4), nn.Linear(4, 2)
        x, y = torch.randn(64, 3), torch.randn(64, 2) * torch.tensor([1.0, 100.0])
    weighting = GradNorm(2, alpha=0.0)
    optimiser = torch.optim.SGD([*trunk.parameters(), *head.parameters()], lr=1e-4)
    for _ in range(100):
        losses = ((head(torch.tanh(trunk(x))) - y) ** 2).mean(0)
        optimiser.zero_grad()
        total = weighting(losses)
        weighting.update(losses, trunk.weight)
        total.backward()
        optimiser.step()
    assert list(weighting.parameters()) == []
    assert weighting.weights[0] > 1.9


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"alpha": -0.5}, r"`alpha` must be non-negative; got -0\.5\."),
        ({"lr": 1.0}, r"`lr` must lie in \(0, 1\); got 1\."),
        ({"initial": "last"}, r"`initial` must be \"first\" or a tensor; got 'last'\."),
        (
            {"initial": torch.tensor([1.0, 0.0])},
            r"`initial` must be positive and finite to serve as the initial losses; got 0 at index 1\.",
        ),
        ({"initial": torch.ones(3)}, r"`initial` must have shape \(n_tasks,\) = \(2,\); got \(3,\)\."),
    ],
    ids=["alpha", "lr", "word", "zero", "length"],
)
def test_bad_settings_of_gradnorm_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        GradNorm(2, **settings)


def test_a_first_loss_of_zero_is_named():
    losses, shared = two_task_network()
    message = r"`losses` must be positive and finite to serve as the initial losses; got 0 at index 0\."
    with pytest.raises(ValueError, match=message):
        GradNorm(2).double().update(losses * vector([0.0, 1.0]), shared)


@pytest.mark.parametrize(
    ("losses", "message"),
    [
        (torch.ones(3), r"`losses` must have shape \(n_tasks,\) = \(2,\); got \(3,\)\."),
        (torch.ones(2), r"`losses` must have a graph back to the parameters; got a tensor without one\."),
        (torch.ones(2, device="meta"), r"`losses` must be on the device of `weights`, cpu; got meta\."),
    ],
    ids=["length", "no graph", "device"],
)
def test_bad_losses_for_an_update_are_named(losses, message):
    with pytest.raises(ValueError, match=message):
        GradNorm(2).update(losses, torch.ones(1, requires_grad=True))


# --- performance weighting ---


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0])
def test_performance_weights_follow_the_focal_formula(gamma):
    weighting = PerformanceWeighting(3, gamma=gamma).double()
    k = np.array([0.9, 0.5, 0.2])
    weighting.step(vector(k))
    raw = -((1 - k) ** gamma) * np.log(k)
    np.testing.assert_allclose(weighting.weights, 3 * raw / raw.sum())


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_performance_weights_sum_to_the_number_of_tasks_and_favour_the_worst(metrics):
    weighting = PerformanceWeighting(3).double()
    weighting.step(vector(metrics))
    assert weighting.weights.sum().item() == pytest.approx(3.0)
    assert weighting.weights[int(np.argmin(metrics))] == weighting.weights.max()


def test_smoothing_is_a_running_mean_that_starts_at_the_first_metric():
    weighting = PerformanceWeighting(2, smoothing=0.25).double()
    weighting.step(vector([0.8, 0.4]))
    np.testing.assert_allclose(weighting.smoothed, [0.8, 0.4])
    weighting.step(vector([0.4, 0.8]))
    np.testing.assert_allclose(weighting.smoothed, [0.7, 0.5])


def test_perfect_tasks_have_equal_weights_and_useless_ones_finite_weights():
    weighting = PerformanceWeighting(2)
    weighting.step(torch.ones(2))
    assert weighting.weights.tolist() == [1.0, 1.0]
    weighting.step(torch.tensor([0.0, 0.5]))
    assert weighting.weights.isfinite().all()
    assert weighting.weights[0] > weighting.weights[1]


@pytest.mark.parametrize(
    ("metrics", "error", "message"),
    [
        (torch.tensor([0.5, 1.2]), ValueError, r"`validation_metrics` must lie in \[0, 1\]; got 1\.2 at index 1\."),
        (torch.tensor([math.nan, 1.0]), ValueError, r"`validation_metrics` must lie in \[0, 1\]; got nan at index 0"),
        (torch.ones(3), ValueError, r"`validation_metrics` must have shape \(n_tasks,\) = \(2,\); got \(3,\)\."),
        (torch.ones(2).int(), TypeError, r"`validation_metrics` must have a floating-point dtype; got torch\.int32"),
    ],
    ids=["above one", "nan", "length", "integers"],
)
def test_bad_metrics_are_named(metrics, error, message):
    with pytest.raises(error, match=message):
        PerformanceWeighting(2).step(metrics)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"gamma": -1.0}, r"`gamma` must be non-negative; got -1\."),
        ({"smoothing": 0.0}, r"`smoothing` must lie in \(0, 1\]; got 0\."),
    ],
    ids=["gamma", "smoothing"],
)
def test_bad_settings_of_performance_weighting_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        PerformanceWeighting(2, **settings)
