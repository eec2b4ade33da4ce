"""Hooks: each weighting hears what its `step` or `update` would be told, and nothing else moves it."""

import pytest
import torch

from mtl_teach.models import HardSharing
from mtl_teach.weighting import (
    DynamicWeightAverage,
    GradNorm,
    PerformanceWeighting,
    TrainingHooks,
    UncertaintyWeighting,
    WeightedSum,
)
from tests.mtl_teach.weighting.conftest import built, every_weighting, two_task_network, vector


def network():
    """Return (model, losses): two shared layers, two tasks."""
    model = HardSharing(3, [4, 5], [1, 1], torch.Generator().manual_seed(0))
    x = torch.randn(8, 3, generator=torch.Generator().manual_seed(1))
    return model, (model(x) - torch.tensor([1.0, 20.0])).square().mean(dim=0)


@every_weighting
def test_every_weighting_has_them(index):
    assert isinstance(built()[index], TrainingHooks)


@pytest.mark.parametrize(
    "make",
    [lambda: WeightedSum([2.0, 0.5]), lambda: UncertaintyWeighting(["regression"] * 2)],
    ids=["fixed", "learned"],
)
def test_a_weighting_that_wants_no_news_ignores_them(make):
    weighting, (losses, _), (model, _) = make(), two_task_network(), network()
    weighting.before_backward(losses, model)
    weighting.after_epoch(losses.detach())
    weighting.after_validation(vector([0.9, 0.1]))
    torch.testing.assert_close(weighting.state_dict(), make().state_dict(), rtol=0, atol=0)


def test_dynamic_weight_average_takes_a_step_every_epoch_in_its_own_dtype():
    told, stepped = DynamicWeightAverage(2), DynamicWeightAverage(2)
    for losses in ([1.0, 3.0], [0.3, 2.9]):
        told.after_epoch(vector(losses))
        stepped.step(torch.tensor(losses))
    assert told.weights.dtype == torch.float32
    assert torch.equal(told.weights, stepped.weights)
    assert told.weights.tolist() != [1.0, 1.0]


def test_performance_weighting_takes_a_step_every_validation_in_its_own_dtype():
    told, stepped = PerformanceWeighting(2), PerformanceWeighting(2)
    told.after_validation(vector([0.9, 0.4]))
    stepped.step(torch.tensor([0.9, 0.4]))
    assert told.weights.dtype == torch.float32
    assert torch.equal(told.weights, stepped.weights)
    assert told.weights.tolist() != [1.0, 1.0]


def test_gradnorm_updates_on_the_matrix_of_the_last_shared_layer():
    told, updated, on_the_first_layer = GradNorm(2), GradNorm(2), GradNorm(2)
    model, losses = network()
    told.before_backward(losses, model)
    updated.update(losses, model.trunk[2].weight)
    on_the_first_layer.update(losses, model.trunk[0].weight)
    assert torch.equal(told.weights, updated.weights)
    assert not torch.equal(told.weights, on_the_first_layer.weights)


def test_only_performance_weighting_needs_metrics():
    assert [type(weighting) for weighting in built() if weighting.needs_metrics] == [PerformanceWeighting]
