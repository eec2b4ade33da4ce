r"""Give weight to the tasks whose loss has stopped falling (dynamic weight average, DWA).

.. math::  w_t \propto \exp\left(\frac{r_t}{\tau}\right), \qquad r_t = \frac{L_t(\text{last epoch})}{L_t(\text{before})}

for the mean losses :math:`L_t` of the last two epochs and a temperature :math:`\tau`; the weights sum to the number of
tasks.

Source: Liu, Johns & Davison, End-to-end multi-task learning with attention, CVPR 2019.
"""

import math

import torch
from torch import Tensor

from mtl_teach._validate import check_all
from mtl_teach.weighting.base import Weighting, check_report


class DynamicWeightAverage(Weighting):
    r"""Give weight to the tasks whose loss has stopped falling (DWA).

    .. math::  w_t = T \cdot \operatorname{softmax}_t\left(
               \frac{L_t(\text{last epoch})}{L_t(\text{the epoch before})} \Big/ \text{temperature} \right)

    Only the ratio of a task's losses counts, so their units do not.

    Parameters
    ----------
    n_tasks : int
        T, at least 1.
    temperature : float, default 2.0
        Positive; large values keep the weights near 1.

    References
    ----------
    Liu, Johns & Davison, End-to-end multi-task learning with attention, CVPR 2019, "dynamic weight average".
    The weights are 1 for the first two epochs, as there.

    Examples
    --------
    >>> weighting = DynamicWeightAverage(2)
    >>> weighting.step(torch.tensor([1.0, 1.0]))
    >>> weighting.step(torch.tensor([0.5, 1.0]))
    >>> weighting.weights
    tensor([0.8756, 1.1244])
    """

    history: Tensor

    def __init__(self, n_tasks: int, temperature: float = 2.0):
        super().__init__(n_tasks)
        check_all("temperature", temperature, temperature > 0, "be positive")
        self.temperature = temperature
        self.register_buffer("history", torch.full((2, n_tasks), math.nan))

    @torch.no_grad()
    def step(self, epoch_mean_losses: Tensor) -> None:
        """Tell the mean loss (n_tasks,) of each task over the epoch just ended, unweighted.

        Raises
        ------
        TypeError, ValueError
            If it is not a vector of floating-point numbers on this device, all positive and finite.
        """
        check_report("epoch_mean_losses", epoch_mean_losses, self.weights)
        positive = (epoch_mean_losses > 0) & epoch_mean_losses.isfinite()
        check_all("epoch_mean_losses", epoch_mean_losses, positive, "be positive and finite")
        self.history = torch.stack([self.history[1], epoch_mean_losses.to(self.history)])
        if self.history.isfinite().all():
            before, last = self.history.double()  # a ratio of two losses can leave the range of float32
            self.weights = (len(last) * torch.softmax(last / before / self.temperature, dim=0)).to(self.weights)

    def after_epoch(self, mean_losses: Tensor) -> None:
        """Take a `step`."""
        self.step(mean_losses.to(self.weights))

    def reset(self) -> None:
        """Go back to equal weights and forget the two epochs."""
        super().reset()
        self.history = torch.full_like(self.history, math.nan)
