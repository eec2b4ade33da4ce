"""IMTL-G, against what it promises; its values are compared in `test_aggregation`."""

import torch

from mtl_teach.gradients import aggregate
from tests.mtl_teach.gradients.conftest import random_jacobian


def test_imtl_g_has_the_same_component_along_every_task():
    for seed in range(10):
        jacobian = random_jacobian(6, seed=seed, spread=1.0)
        gradient, _ = aggregate(jacobian, "imtl_g")
        components = jacobian @ gradient / jacobian.norm(dim=1)
        torch.testing.assert_close(components, components[:1].expand(6), rtol=1e-8, atol=1e-10)
