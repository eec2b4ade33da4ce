"""Experts behind gates, against a loop over rows, tasks and experts."""

import pytest
import torch

from mtl_teach.models import MMoE
from tests.mtl_teach.models.conftest import MODELS, N_FEATURES, seeded


class TestMMoE:
    def test_gates_are_distributions_over_experts(self):
        gates = MODELS["MMoE"]().gates(torch.randn(10, N_FEATURES, generator=seeded(1)))
        assert gates.shape == (10, 3, 4)
        torch.testing.assert_close(gates.sum(dim=-1), torch.ones(10, 3))

    def test_agrees_with_a_loop_over_rows_tasks_and_experts(self):
        model = MMoE(N_FEATURES, 3, 8, [1, 1], generator=seeded())
        x = torch.randn(4, N_FEATURES, generator=seeded(1))
        gates = model.gates(x)
        for row in range(4):
            for task in range(2):
                mixed = sum(gates[row, task, e] * model.experts[e](x[row : row + 1]) for e in range(3))
                torch.testing.assert_close(model(x)[row, task], model.heads[task](mixed).squeeze())

    def test_with_one_expert_it_is_hard_sharing(self):
        model = MMoE(N_FEATURES, 1, 8, [1, 1], generator=seeded())
        x = torch.randn(4, N_FEATURES, generator=seeded(1))
        h = model.experts[0](x)
        torch.testing.assert_close(model(x), torch.cat([head(h) for head in model.heads], dim=1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MMoE(2, 0, 8, [1]), r"`n_experts` must be a positive integer; got 0\."),
        (lambda: MMoE(2, 2, 2.5, [1]), r"`expert_hidden` must be a positive integer; got 2\.5\."),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
