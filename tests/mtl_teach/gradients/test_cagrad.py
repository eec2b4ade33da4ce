"""CAGrad, against TorchJD and its own ball."""

import pytest
import torch
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
