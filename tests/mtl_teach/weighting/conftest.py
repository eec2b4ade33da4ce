"""Losses of two tasks, and one weighting of each kind."""

import pytest
import torch
from hypothesis import strategies as st

from mtl_teach.weighting import (
    DynamicWeightAverage,
    GradNorm,
    PerformanceWeighting,
    UncertaintyWeighting,
    WeightedSum,
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
