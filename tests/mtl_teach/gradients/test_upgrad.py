"""UPGrad, against what it promises; its values are compared in `test_aggregation`."""

import pytest

from mtl_teach.gradients import aggregate
from tests.mtl_teach.gradients.conftest import random_jacobian


@pytest.mark.parametrize("n_tasks", [2, 3, 5, 8, 16])
def test_upgrad_only_adds_to_the_mean_and_harms_nobody_exactly(n_tasks):
    for seed in range(5):
        jacobian = random_jacobian(n_tasks, n_params=4, seed=seed)
        gradient, weights = aggregate(jacobian, "upgrad")
        assert (n_tasks * weights >= 1 - 1e-12).all()
        assert (jacobian @ gradient >= -1e-10).all()
