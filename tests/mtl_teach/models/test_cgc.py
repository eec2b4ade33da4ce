"""Shared and own experts behind gates, against a loop over rows, tasks and experts."""

import pytest
import torch

from mtl_teach.models import CGC
from tests.mtl_teach.models.conftest import MODELS, N_FEATURES, seeded


def with_gates_wide_open(model, expert):
    """The same model with every gate on one expert alone."""
    for gate in model.gate_layers:
        torch.nn.init.zeros_(gate.weight)
        torch.nn.init.constant_(gate.bias, -200.0)
        gate.bias.data[expert] = 0.0
    return model


class TestCGC:
    def test_gates_are_distributions_over_shared_and_own_experts(self):
        gates = MODELS["CGC"]().gates(torch.randn(10, N_FEATURES, generator=seeded(1)))
        assert gates.shape == (10, 3, 2 + 1)
        torch.testing.assert_close(gates.sum(dim=-1), torch.ones(10, 3))

    def test_agrees_with_a_loop_over_rows_tasks_and_experts(self):
        model = CGC(N_FEATURES, 2, 2, 8, [1, 1], generator=seeded())
        x = torch.randn(4, N_FEATURES, generator=seeded(1))
        gates = model.gates(x)
        for row in range(4):
            for task in range(2):
                experts = [*model.shared_experts, *model.own_experts[task]]
                mixed = sum(gates[row, task, e] * expert(x[row : row + 1]) for e, expert in enumerate(experts))
                torch.testing.assert_close(model(x)[row, task], model.heads[task](mixed).squeeze())

    def test_with_gates_on_one_shared_expert_it_is_hard_sharing(self):
        model = with_gates_wide_open(CGC(N_FEATURES, 2, 1, 8, [1, 1], generator=seeded()), expert=1)
        x = torch.randn(4, N_FEATURES, generator=seeded(1))
        h = model.shared_experts[1](x)
        torch.testing.assert_close(model(x), torch.cat([head(h) for head in model.heads], dim=1))

    def test_with_gates_on_the_own_experts_it_is_one_model_a_task(self):
        model = with_gates_wide_open(CGC(N_FEATURES, 2, 1, 8, [1, 1], generator=seeded()), expert=2)
        x = torch.randn(4, N_FEATURES, generator=seeded(1))
        alone = [head(own[0](x)) for head, own in zip(model.heads, model.own_experts)]
        torch.testing.assert_close(model(x), torch.cat(alone, dim=1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CGC(2, 0, 1, 8, [1]), r"`n_shared` must be a positive integer; got 0\."),
        (lambda: CGC(2, 1, 0, 8, [1]), r"`n_own` must be a positive integer; got 0\."),
        (lambda: CGC(2, 1, 1, 2.5, [1]), r"`expert_hidden` must be a positive integer; got 2\.5\."),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
