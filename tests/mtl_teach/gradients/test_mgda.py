"""MGDA, against its optimality condition, TorchJD and the closed form for two tasks."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchjd import aggregation as jd

from mtl_teach.gradients import aggregate
from tests.mtl_teach.gradients.conftest import DTYPE, random_jacobian


@pytest.mark.parametrize("n_tasks", [1, 2, 3, 5, 8, 16])
@pytest.mark.parametrize("n_params", [3, 30])
def test_mgda_satisfies_its_optimality_condition(n_tasks, n_params):
    """The shortest vector d of a hull has g . d >= d . d for every gradient, with = where the weight is > 0."""
    for seed in range(10):
        jacobian = random_jacobian(n_tasks, n_params=n_params, seed=seed, spread=0.3)
        gradient, weights = aggregate(jacobian, "mgda")
        slack = jacobian @ gradient - gradient @ gradient
        size = jacobian.norm(dim=1).max() ** 2
        assert slack.min() > -1e-12 * size
        assert (weights * slack).abs().max() < 1e-12 * size


def test_mgda_is_shorter_than_torchjds_iteration():
    for seed in range(10):
        jacobian = random_jacobian(8, n_params=10, seed=seed)
        assert aggregate(jacobian, "mgda")[0].norm() <= jd.MGDA()(jacobian).norm() + 1e-12


@given(st.lists(st.floats(-10, 10), min_size=4, max_size=4))
def test_mgda_of_two_tasks_is_the_clipped_closed_form(values):
    g1, g2 = torch.tensor(values, dtype=DTYPE).view(2, 2)
    difference = float((g1 - g2) @ (g1 - g2))
    alpha = 0.5 if difference == 0 else min(max(float((g2 - g1) @ g2) / difference, 0.0), 1.0)
    expected = alpha * g1 + (1 - alpha) * g2
    got, _ = aggregate(torch.stack([g1, g2]), "mgda")
    torch.testing.assert_close(got, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("scale", "alpha"), [(1.0, 0.5), (10.0, 100 / 101), (100.0, 10000 / 10001)])
def test_mgda_follows_the_units_of_the_losses(scale, alpha):
    """Orthogonal gradients of lengths 1 and c: the first gets c² / (1 + c²)."""
    weights = aggregate(torch.tensor([[1.0, 0.0], [0.0, scale]], dtype=DTYPE), "mgda")[1]
    assert weights[0].item() == pytest.approx(alpha, abs=1e-12)
