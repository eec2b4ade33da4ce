"""What every weighting promises."""

import pytest
import torch

from mtl_teach.weighting import DynamicWeightAverage, GradNorm, PerformanceWeighting, Weighting
from tests.mtl_teach.weighting.conftest import built, every_weighting, two_task_network, vector


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
        (torch.ones(2, 1), ValueError, r"`losses` must have shape \(n_tasks,\) = \(2,\); got \(2, 1\)\."),
        (torch.ones(3), ValueError, r"`losses` must have shape \(n_tasks,\) = \(2,\); got \(3,\)\."),
        (torch.ones(2).int(), TypeError, r"`losses` must have a floating-point dtype; got torch\.int32\."),
        (torch.ones(2, device="meta"), ValueError, r"`losses` must be on the device of `weights`, cpu; got meta"),
    ],
    ids=["matrix", "number of tasks", "integers", "device"],
)
def test_bad_losses_are_named(index, losses, error, message):
    with pytest.raises(error, match=message):
        built()[index](losses)


@pytest.mark.parametrize("make", [Weighting, DynamicWeightAverage, GradNorm, PerformanceWeighting])
def test_no_task_at_all_is_named(make):
    for n_tasks in (0, 2.5, "2"):
        with pytest.raises(ValueError, match=rf"`n_tasks` must be an integer of at least 1; got {n_tasks!r}\."):
            make(n_tasks)


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
