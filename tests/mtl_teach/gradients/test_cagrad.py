"""CAGrad, against TorchJD and its own ball."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from scipy.special import expit
from torchjd import aggregation as jd

from mtl_teach.gradients import aggregate
from tests.mtl_teach.gradients.conftest import DTYPE, random_jacobian


@pytest.mark.parametrize("c", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("n_tasks", [2, 3, 8])
def test_cagrad_has_the_direction_of_torchjd(n_tasks, c):
    for seed in range(5):
        jacobian = random_jacobian(n_tasks, seed=seed)
        ours, theirs = aggregate(jacobian, "cagrad", c=c)[0], jd.CAGrad(c=c, norm_eps=1e-10)(jacobian)
        assert torch.cosine_similarity(ours, theirs, dim=0).item() > 1 - 1e-7


@pytest.mark.parametrize("c", [0.2, 0.5, 1.0])
def test_cagrad_stays_in_its_ball_and_no_point_of_it_serves_the_worst_off_task_better(c):
    for seed in range(5):
        jacobian = random_jacobian(4, n_params=6, seed=seed)
        gradient, _ = aggregate(jacobian, "cagrad", c=c)
        mean = jacobian.mean(0)
        radius = c * mean.norm()
        assert (gradient - mean).norm().item() == pytest.approx(radius.item())
        steps = torch.randn(2000, 6, dtype=DTYPE, generator=torch.Generator().manual_seed(seed))
        near = gradient + 0.05 * radius * steps / steps.norm(dim=1, keepdim=True)
        others = mean + (near - mean) * (radius / (near - mean).norm(dim=1, keepdim=True)).clamp(max=1.0)
        assert (others @ jacobian.T).amin(dim=1).max() <= (jacobian @ gradient).min() + 1e-9


def test_cagrad_with_c_zero_is_the_mean():
    jacobian = random_jacobian(4)
    assert torch.equal(aggregate(jacobian, "cagrad", c=0.0)[1], aggregate(jacobian, "mean")[1])


def best_of_two(jacobian, c):
    """Minimise over the one weight of two tasks, on a logarithmic scale at both ends."""
    mean = jacobian.mean(axis=0)
    radius = c * np.linalg.norm(mean)

    def combined(log_odds):
        return np.array([expit(log_odds), expit(-log_odds)]) @ jacobian

    def objective(log_odds):
        return combined(log_odds) @ mean + radius * np.linalg.norm(combined(log_odds))

    grid = np.linspace(-60, 60, 4001)
    start = min(grid, key=objective)
    chosen = combined(minimize_scalar(objective, bounds=(start - 0.1, start + 0.1), options={"xatol": 1e-12}).x)
    return mean + radius * chosen / np.linalg.norm(chosen)


@pytest.mark.parametrize("short", [1.0, 1e-3, 1e-7, 1e-10, 1e-14])
@pytest.mark.parametrize("other", [[0.0, 1.0], [-0.5, 1.0], [0.7, 1.0]], ids=["orthogonal", "opposing", "agreeing"])
def test_a_task_in_other_units_does_not_stop_cagrad(short, other):
    """The squared error of a price in euros has a gradient 1e10 times that of one in hundreds of thousands."""
    jacobian = np.array([[short, 0.0], other])
    gradient, _ = aggregate(torch.from_numpy(jacobian), "cagrad")
    np.testing.assert_allclose(gradient, best_of_two(jacobian, 0.5), atol=1e-7)


@pytest.mark.parametrize("c", [1e-6, 0.5, 1.0, 5.0])
def test_cagrad_finds_its_way_whatever_lies_in_the_hull(c):
    rng = np.random.default_rng(0)
    for seed in range(100):
        jacobian = torch.from_numpy(
            rng.integers(-2, 3, (rng.integers(2, 9), 2)) * 10.0 ** (seed % 5 * rng.uniform(-2, 2))
        )
        gradient, weights = aggregate(jacobian, "cagrad", c=c)
        mean = jacobian.mean(0)
        assert weights.isfinite().all()
        assert (weights == 0).all() or (gradient - mean).norm() <= c * mean.norm() * (
            1 + 1e-6
        ) + 1e-9 * jacobian.abs().max()
