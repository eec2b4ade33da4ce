r"""Give weight to the tasks that a validation metric says are done badly.

.. math::  w_t \propto -(1 - k_t)^\gamma \log k_t

for a metric :math:`k_t` between 0 and 1 and a focus :math:`\gamma`; the weights sum to the number of tasks.

Source: Guo et al., Dynamic task prioritization for multitask learning, ECCV 2018.
"""

import math

import torch
from torch import Tensor

from mtl_teach._validate import check_all
from mtl_teach.weighting.base import Weighting, check_report


class PerformanceWeighting(Weighting):
    r"""Give weight to the tasks that a validation metric says are done badly.

    With :math:`k_t` the smoothed metric of task t, between 0 (useless) and 1 (perfect),

    .. math::  w_t \propto -(1 - k_t)^\gamma \log k_t

    rescaled to sum to the number of tasks. Unlike losses, metrics such as accuracy, AUC or R² (cut at 0) are
    comparable between tasks; whether their *gaps to 1* are is for you to decide: a noisy task that can do no
    better keeps drawing weight.

    Parameters
    ----------
    n_tasks : int
        At least 1.
    gamma : float, default 1.0
        Non-negative focus: the larger, the less weight for tasks that are nearly done.
    smoothing : float, default 1.0
        In (0, 1]: the share of the newest metric in the running mean; 1 forgets all earlier ones.

    Notes
    -----
    Deviations from the paper: the weights are rescaled, so that progress does not shrink the learning rate;
    metrics below 0.001 count as 0.001, where the logarithm is still finite. If every task is perfect all
    weights are 1.

    References
    ----------
    Guo et al., Dynamic task prioritization for multitask learning, ECCV 2018: the focal-loss weights.

    Examples
    --------
    >>> weighting = PerformanceWeighting(2)
    >>> weighting.step(torch.tensor([0.9, 0.5]))
    >>> weighting.weights
    tensor([0.0590, 1.9410])
    """

    needs_metrics = True
    smoothed: Tensor

    def __init__(self, n_tasks: int, gamma: float = 1.0, smoothing: float = 1.0):
        super().__init__(n_tasks)
        check_all("gamma", gamma, gamma >= 0, "be non-negative")
        check_all("smoothing", smoothing, 0 < smoothing <= 1, "lie in (0, 1]")
        self.gamma = gamma
        self.smoothing = smoothing
        self.register_buffer("smoothed", torch.full((n_tasks,), math.nan))

    @torch.no_grad()
    def step(self, validation_metrics: Tensor) -> None:
        """Tell the metric (n_tasks,) of each task on the validation rows, in [0, 1], higher is better.

        Raises
        ------
        TypeError, ValueError
            If it is not a vector of floating-point numbers on this device, all in [0, 1].
        """
        check_report("validation_metrics", validation_metrics, self.weights)
        in_range = (validation_metrics >= 0) & (validation_metrics <= 1)
        check_all("validation_metrics", validation_metrics, in_range, "lie in [0, 1]")
        metrics = validation_metrics.to(self.smoothed)
        before = torch.where(self.smoothed.isnan(), metrics, self.smoothed)
        self.smoothed = self.smoothing * metrics + (1 - self.smoothing) * before
        k = self.smoothed.clamp(min=1e-3)
        raw = -((1 - k) ** self.gamma) * torch.log(k)
        self.weights = len(raw) * raw / raw.sum() if raw.sum() > 0 else torch.ones_like(raw)

    def after_validation(self, scores: Tensor) -> None:
        """Take a `step`."""
        self.step(scores.to(self.weights))

    def reset(self) -> None:
        """Go back to equal weights and forget the metrics."""
        super().reset()
        self.smoothed = torch.full_like(self.smoothed, math.nan)
