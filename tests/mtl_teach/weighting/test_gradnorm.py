"""GradNorm, against differentiating twice and closed forms."""

import numpy as np
import pytest
import torch
from torch import nn

from mtl_teach.weighting import GradNorm, gradnorm_targets
from tests.mtl_teach.weighting.conftest import DTYPE, two_task_network, vector


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


@pytest.mark.parametrize("second", [float("nan"), -1.0, float("inf")], ids=["nan", "negative", "infinite"])
def test_a_later_loss_that_has_no_rate_is_named_and_the_weights_stay(second):
    shared = torch.ones(1, requires_grad=True)
    weighting = GradNorm(2)
    weighting.update(torch.stack([shared.sum(), shared.sum()]), shared)
    before = weighting.weights.clone()
    with pytest.raises(ValueError, match=rf"`losses` must be non-negative and finite; got {second:g} at index 1\."):
        weighting.update(torch.stack([shared.sum(), second * shared.sum()]), shared)
    assert torch.equal(weighting.weights, before)
