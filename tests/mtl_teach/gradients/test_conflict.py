"""Cosines between gradients, against torch's."""

import pytest
import torch

from mtl_teach.gradients import cosine_conflict
from tests.mtl_teach.gradients.conftest import random_jacobian


def test_cosines_equal_torchs():
    jacobian = random_jacobian(5, spread=1.0)
    expected = torch.cosine_similarity(jacobian[:, None], jacobian[None], dim=2)
    torch.testing.assert_close(cosine_conflict(jacobian), expected)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_cosines_survive_extremes_in_float32(scale):
    cosines = cosine_conflict(torch.tensor([[1.0, 1.0], [1.0, 0.0], [-1.0, 0.0]]) * scale)
    expected = torch.tensor([[1, 0.5**0.5, -(0.5**0.5)], [0.5**0.5, 1, -1], [-(0.5**0.5), -1, 1]])
    torch.testing.assert_close(cosines, expected)


def test_a_zero_gradient_has_no_direction():
    cosines = cosine_conflict(torch.tensor([[0.0, 0.0], [1.0, 2.0]]))
    torch.testing.assert_close(cosines, torch.tensor([[0.0, 0.0], [0.0, 1.0]]))
