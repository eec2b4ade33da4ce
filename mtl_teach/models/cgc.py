"""Experts that all tasks share beside experts of each task's own, mixed by the task's gate (customised gate control).

    h_t = sum over the shared experts and the own experts e of t of gate_te(x) expert_e(x);  y_t = head_t(h_t)

for the features x, experts e and tasks t; the gate of a task is positive and sums to 1 over the experts that the task
may use: the shared ones, and its own, never those of another task. It is one level of progressive layered extraction
(PLE), which stacks several.

Source: Tang et al., "Progressive Layered Extraction (PLE): A Novel Multi-Task Learning Model for Personalized
Recommendations", RecSys 2020, "customized gate control".
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from mtl_teach.models._layers import check_sizes, gates_of, make_linear, make_trunk, widths_of
from mtl_teach.models.base import MultiTaskModel


class CGC(MultiTaskModel):
    """Experts that all tasks share beside experts of each task's own, mixed by the task's gate.

    Parameters
    ----------
    n_features : int
    n_shared, n_own : int
        Experts that all tasks may use, and experts of each task's own.
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
    Tang et al. 2020, customized gate control. The gate is a linear map of x followed by a softmax over the shared
    experts, which come first, and the task's own; the tower is one linear layer.

    Examples
    --------
    >>> model = CGC(n_features=5, n_shared=2, n_own=1, expert_hidden=8, task_dims=[1, 1])
    >>> model(torch.zeros(4, 5)).shape, model.gates(torch.zeros(4, 5)).shape
    (torch.Size([4, 2]), torch.Size([4, 2, 3]))
    """

    def __init__(
        self,
        n_features: int,
        n_shared: int,
        n_own: int,
        expert_hidden: int | Sequence[int],
        task_dims: Sequence[int],
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(n_features, task_dims)
        check_sizes("n_shared", [n_shared])
        check_sizes("n_own", [n_own])
        widths = widths_of(expert_hidden, "expert_hidden")

        def experts(count: int) -> nn.ModuleList:
            return nn.ModuleList(make_trunk(n_features, widths, generator) for _ in range(count))

        self.shared_experts = experts(n_shared)
        self.own_experts = nn.ModuleList(experts(n_own) for _ in task_dims)
        self.gate_layers = nn.ModuleList(make_linear(n_features, n_shared + n_own, generator) for _ in task_dims)
        self.heads = nn.ModuleList(make_linear(widths[-1], dim, generator) for dim in task_dims)

    def gates(self, x: Tensor) -> Tensor:
        """Return each task's weights, (n_samples, n_tasks, n_shared + n_own), shared experts first; they sum to 1."""
        self.check_input(x)
        return gates_of(self.gate_layers, x)

    def forward(self, x: Tensor) -> Tensor:
        """Predict: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        gates = self.gates(x)
        shared = [expert(x) for expert in self.shared_experts]
        outputs = []
        for task, head in enumerate(self.heads):
            own = [expert(x) for expert in cast(nn.ModuleList, self.own_experts[task])]
            mixed = torch.einsum("ne,neh->nh", gates[:, task], torch.stack([*shared, *own], dim=1))
            outputs.append(head(mixed))
        return torch.cat(outputs, dim=1)

    def _owned_by(self, task: int) -> list[nn.Module]:
        return [self.own_experts[task], self.gate_layers[task], self.heads[task]]
