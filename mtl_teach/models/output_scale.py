"""Let a model work in standard units and answer in the labels' units.

    y_t = m_t + s_t * model_t(x)

for the mean m_t and the scale s_t of task t's labels, fixed before training. Source: none; it undoes the standardising
of labels inside the model, where the loss can keep its units.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from mtl_teach._validate import check_shape, must
from mtl_teach.models.base import MultiTaskModel


class FixedOutputScale(nn.Module):
    """Let a model work in standard units and answer in the labels' units: prediction = mean + scale * model(x).

    With this layer, raw labels and losses weighted by 1/variance give, up to rounding, the training path of
    standardised labels; without it they do not, although the two losses are proportional (lesson 4).

    Parameters
    ----------
    model : MultiTaskModel
    mean, scale : tensor-like of shape (sum(task_dims),)
        In the labels' units, from the training rows. Not trained.

    Raises
    ------
    ValueError
        If the shapes differ from the outputs, or a scale is not positive.

    Examples
    --------
    >>> from mtl_teach.models import HardSharing
    >>> model = FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[300.0, 40.0], scale=[100.0, 20.0])
    >>> model(torch.zeros(4, 2)).shape
    torch.Size([4, 2])
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, model: MultiTaskModel, mean: Sequence[float], scale: Sequence[float]) -> None:
        super().__init__()
        dtype = next(model.parameters()).dtype
        for name, values in (("mean", mean), ("scale", scale)):
            self.register_buffer(name, torch.as_tensor(values, dtype=dtype))
            check_shape(name, getattr(self, name), n_outputs=sum(model.task_dims))
        if not bool((self.scale > 0).all()):
            raise ValueError(must("scale", "be positive", self.scale.tolist()))
        self.model = model

    @property
    def n_tasks(self) -> int:
        """Number of tasks."""
        return self.model.n_tasks

    def forward(self, x: Tensor) -> Tensor:
        """Predict in the labels' units: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        return self.mean + self.scale * self.model(x)

    def shared_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the wrapped model's shared parameters."""
        return self.model.shared_parameters()

    def task_parameters(self, task: int) -> Iterator[nn.Parameter]:
        """Yield the wrapped model's parameters of one task."""
        return self.model.task_parameters(task)
