"""One trunk per task: kept similar by a penalty, or mixed layer by layer by cross-stitch units.

    l2:            h_t = trunk_t(x);         the loss pays for sum over pairs of ||trunk_t - trunk_s||²
    cross-stitch:  h_t = sum_s a_ts h_s      after every layer

and then y_t = head_t(h_t). In the mixing matrix, row t says what task t takes from each trunk s.

Sources: Duong et al., "Low Resource Dependency Parsing: Cross-lingual Parameter Sharing in a Neural Network Parser",
2015, section 4. Misra et al., "Cross-stitch Networks for Multi-task Learning", 2016, eq. 1.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import cast

import torch
from torch import Tensor, nn

from mtl_teach._validate import check_choice
from mtl_teach.models._layers import make_linear, make_trunk, widths_of
from mtl_teach.models.base import MultiTaskModel


class SoftSharing(MultiTaskModel):
    """One trunk per task, kept similar by a penalty or mixed by cross-stitch units.

    Parameters
    ----------
    n_features : int
    hidden : int or sequence of int
        Units of each trunk's layers.
    task_dims : sequence of int
    tie : "l2" | "cross_stitch"
        "l2": the trunks are separate; add ``lam * model.tie_penalty()`` to the loss. No parameter is shared.
        "cross_stitch": after each layer, task t continues with a learned mixture of all tasks' activations. Every
        task's loss then reaches every trunk.
    generator : torch.Generator, optional

    Raises
    ------
    ValueError, TypeError
        As `HardSharing`, or if `tie` is unknown.

    References
    ----------
    Duong et al. 2015, section 4; Misra et al. 2016, eq. 1. One mixing matrix a layer, shared by its units; it starts
    with 0.9 on the diagonal and the rest spread evenly, so that every row sums to 1.

    Examples
    --------
    >>> model = SoftSharing(n_features=5, hidden=16, task_dims=[1, 1])
    >>> model(torch.zeros(8, 5)).shape, bool(model.tie_penalty() > 0)
    (torch.Size([8, 2]), True)
    """

    def __init__(
        self,
        n_features: int,
        hidden: int | Sequence[int],
        task_dims: Sequence[int],
        tie: str = "l2",
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(n_features, task_dims)
        check_choice("tie", tie, ["l2", "cross_stitch"])
        self.tie = tie
        widths = widths_of(hidden)
        n_tasks = self.n_tasks
        self.trunks = nn.ModuleList(make_trunk(n_features, widths, generator) for _ in range(n_tasks))
        self.heads = nn.ModuleList(make_linear(widths[-1], dim, generator) for dim in task_dims)
        own = 0.9 if n_tasks > 1 else 1.0
        start = torch.full((n_tasks, n_tasks), (1 - own) / max(1, n_tasks - 1)).fill_diagonal_(own)
        n_stitches = len(widths) if tie == "cross_stitch" else 0
        self.stitches = nn.ParameterList(nn.Parameter(start.clone()) for _ in range(n_stitches))

    def forward(self, x: Tensor) -> Tensor:
        """Predict: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        self.check_input(x)
        if self.tie == "l2":
            states = [trunk(x) for trunk in self.trunks]
        else:
            states, trunks = [x] * self.n_tasks, [cast(nn.Sequential, trunk) for trunk in self.trunks]
            for layer, stitch in enumerate(self.stitches):
                linear, relu = 2 * layer, 2 * layer + 1
                active = torch.stack([t[relu](t[linear](h)) for t, h in zip(trunks, states)])
                states = list(torch.einsum("ts,snh->tnh", stitch, active))
        return torch.cat([head(h) for head, h in zip(self.heads, states)], dim=1)

    def tie_penalty(self) -> Tensor:
        """Return the squared distance between the trunks' parameters, summed over pairs of tasks, shape ().

        Exactly 0 for one task, and for cross-stitch, where the mixing does the sharing.
        """
        pairs = combinations(self.trunks, 2) if self.tie == "l2" else []
        distances = [(p - q).square().sum() for a, b in pairs for p, q in zip(a.parameters(), b.parameters())]
        return torch.stack(distances).sum() if distances else next(self.parameters()).new_zeros(())

    def _owned_by(self, task: int) -> list[nn.Module]:
        return [self.heads[task]] if self.tie == "cross_stitch" else [self.trunks[task], self.heads[task]]
