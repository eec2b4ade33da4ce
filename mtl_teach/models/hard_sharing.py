"""One trunk for all tasks, one linear head each.

    h = trunk(x);  y_t = head_t(h)

for the features x, the representation h that all tasks share, and the predictions y_t of task t.

Source: Caruana, "Multitask Learning", 1997.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mtl_teach.models._layers import make_linear, make_trunk, widths_of
from mtl_teach.models.base import MultiTaskModel


class HardSharing(MultiTaskModel):
    """One trunk for all tasks, one linear head each.

    Parameters
    ----------
    n_features : int
    hidden : int or sequence of int
        Units of the trunk's layers, each followed by a ReLU.
    task_dims : sequence of int
        Outputs of each task; 1 for a regression or a logit.
    generator : torch.Generator, optional
        Decides the initial parameters; by default torch's global one.

    Raises
    ------
    ValueError
        If a size is not a positive integer, there is no task, or `x` does not have `n_features` columns.
    TypeError
        If `x` is no tensor, or not in the dtype of the parameters.

    References
    ----------
    Caruana 1997.

    Examples
    --------
    >>> model = HardSharing(n_features=5, hidden=16, task_dims=[1, 1, 1])
    >>> model(torch.zeros(8, 5)).shape
    torch.Size([8, 3])
    >>> sum(p.numel() for p in model.shared_parameters())
    96
    """

    def __init__(
        self,
        n_features: int,
        hidden: int | Sequence[int],
        task_dims: Sequence[int],
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(n_features, task_dims)
        widths = widths_of(hidden)
        self.trunk = make_trunk(n_features, widths, generator)
        self.heads = nn.ModuleList(make_linear(widths[-1], dim, generator) for dim in task_dims)

    def forward(self, x: Tensor) -> Tensor:
        """Predict: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        self.check_input(x)
        features = self.trunk(x)
        return torch.cat([head(features) for head in self.heads], dim=1)

    def _owned_by(self, task: int) -> list[nn.Module]:
        return [self.heads[task]]
