"""Sum and mean, against the gradient of the summed and of the mean loss."""

import pytest
import torch

from mtl_teach.gradients import aggregate, task_gradients
from tests.mtl_teach.gradients.conftest import flat_grads, small_problem


@pytest.mark.parametrize(("method", "combine"), [("sum", torch.sum), ("mean", torch.mean)], ids=["sum", "mean"])
def test_the_gradient_is_that_of_the_combined_loss(method, combine):
    losses, trunk, _, _ = small_problem()
    gradient, weights = aggregate(task_gradients(losses, trunk.parameters()), method)
    combine(losses).backward()
    torch.testing.assert_close(gradient, flat_grads(trunk))
    assert len(set(weights.tolist())) == 1
