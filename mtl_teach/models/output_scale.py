"""Let a model work in standard units and answer in the labels' units.

    y_t = m_t + s_t * model_t(x)

for the mean m_t and the scale s_t of task t's labels, fixed before training. Source: none; it undoes the standardising
of labels inside the model, where the loss can keep its units.
"""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from mtl_teach._tables import as_floats
from mtl_teach._validate import check_all, check_shape
from mtl_teach.models.base import MultiTaskModel


class FixedOutputScale(nn.Module):
    """Let a model work in standard units and answer in the labels' units: prediction = mean + scale * model(x).

    With this layer, raw labels and losses weighted by 1/variance give, up to rounding, the training path of
    standardised labels; without it they do not, although the two losses are proportional (lesson 4).

    Parameters
    ----------
    model : MultiTaskModel
    mean, scale : array-like of shape (sum(task_dims),)
        In the labels' units, from the training rows. Copied, to the model's dtype and device, and not trained.

    Raises
    ------
    ValueError
        If the shapes differ from the outputs, a mean is not finite, a scale is not positive and finite, or the model's
        dtype cannot resolve a thousandth of the scale beside the mean: seconds since 1970 need float64.
    TypeError
        If `mean` or `scale` does not hold numbers.

    Examples
    --------
    >>> from mtl_teach.models import HardSharing
    >>> model = FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[300.0, 40.0], scale=[100.0, 20.0])
    >>> model(torch.zeros(4, 2)).shape
    torch.Size([4, 2])
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, model: MultiTaskModel, mean: ArrayLike, scale: ArrayLike) -> None:
        super().__init__()
        example = next(model.parameters())
        location, spread = as_floats("mean", mean), as_floats("scale", scale)
        for name, values in (("mean", location), ("scale", spread)):
            check_shape(name, values, n_outputs=sum(model.task_dims))
            self.register_buffer(name, torch.tensor(values, dtype=example.dtype, device=example.device))
        check_all("mean", location, np.isfinite(location), "be finite")
        check_all("scale", spread, (spread > 0) & np.isfinite(spread), "be positive and finite")
        steps = torch.finfo(example.dtype).eps * np.abs(location)
        check_all("mean", location, steps <= spread / 1000, f"leave {example.dtype} digits for a thousandth of `scale`")
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
