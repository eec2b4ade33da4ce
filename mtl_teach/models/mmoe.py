"""Experts that all tasks share, mixed for each task by its own gate (multi-gate mixture of experts).

    h_t = sum_e gate_te(x) expert_e(x);  y_t = head_t(h_t)

for the features x, experts e and tasks t; the gates of a task are positive and sum to 1 over the experts.

Source: Ma et al., "Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts", 2018,
eqs. 6-8.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mtl_teach.models._layers import check_sizes, gates_of, make_linear, make_trunk, widths_of
from mtl_teach.models.base import MultiTaskModel


class MMoE(MultiTaskModel):
    """Experts that all tasks share, mixed for each task by its own gate.

    Parameters
    ----------
    n_features : int
    n_experts : int
    expert_hidden : int or sequence of int
        Units of each expert's layers.
    task_dims : sequence of int
    generator : torch.Generator, optional

    Raises
    ------
    ValueError, TypeError
        As `HardSharing`.

    References
    ----------
    Ma et al. 2018, eqs. 6-8. The gate is a linear map of x followed by a softmax *over the experts*; the tower is
    one linear layer.

    Examples
    --------
    >>> model = MMoE(n_features=5, n_experts=3, expert_hidden=8, task_dims=[1, 1])
    >>> model(torch.zeros(4, 5)).shape, model.gates(torch.zeros(4, 5)).shape
    (torch.Size([4, 2]), torch.Size([4, 2, 3]))
    """

    def __init__(
        self,
        n_features: int,
        n_experts: int,
        expert_hidden: int | Sequence[int],
        task_dims: Sequence[int],
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(n_features, task_dims)
        check_sizes("n_experts", [n_experts])
        widths = widths_of(expert_hidden, "expert_hidden")
        self.experts = nn.ModuleList(make_trunk(n_features, widths, generator) for _ in range(n_experts))
        self.gate_layers = nn.ModuleList(make_linear(n_features, n_experts, generator) for _ in task_dims)
        self.heads = nn.ModuleList(make_linear(widths[-1], dim, generator) for dim in task_dims)

    def gates(self, x: Tensor) -> Tensor:
        """Return each task's weights of the experts, (n_samples, n_tasks, n_experts); they sum to 1 over experts."""
        self.check_input(x)
        return gates_of(self.gate_layers, x)

    def forward(self, x: Tensor) -> Tensor:
        """Predict: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        gates = self.gates(x)
        opinions = torch.stack([expert(x) for expert in self.experts], dim=1)
        mixed = torch.einsum("nte,neh->tnh", gates, opinions)
        return torch.cat([head(h) for head, h in zip(self.heads, mixed)], dim=1)

    def _owned_by(self, task: int) -> list[nn.Module]:
        return [self.gate_layers[task], self.heads[task]]
