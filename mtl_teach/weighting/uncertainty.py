r"""Let the likelihood decide: one learned log-variance a task (uncertainty weighting).

.. math::  L = \sum_t a_t\, e^{-s_t} L_t + \tfrac12 s_t

for the losses :math:`L_t`, the log-variances :math:`s_t = \log \sigma_t^2`, learned with the network, and
:math:`a_t = \frac12` for a regression, 1 for a classification.

Source: Kendall, Gal & Cipolla, Multi-task learning using uncertainty to weigh losses, CVPR 2018, equations 5-10.
"""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from mtl_teach._validate import check_choice, must
from mtl_teach.losses import weighted_sum
from mtl_teach.weighting.base import check_report
from mtl_teach.weighting.hooks import TrainingHooks


class UncertaintyWeighting(nn.Module, TrainingHooks):
    r"""Learn one log-variance a task: the likelihood decides the weights.

    With :math:`s_t = \log \sigma_t^2` learned together with the network,

    .. math::  L = \sum_t a_t\, e^{-s_t} L_t + \tfrac12 s_t, \qquad
               a_t = \tfrac12 \text{ (regression)}, \quad a_t = 1 \text{ (classification)}

    where a regression's :math:`L_t` is the mean squared error (without ½) and a classification's is the
    cross-entropy. For regression this *is* the Gaussian negative log-likelihood up to a constant; for
    classification it is an approximation, exact as :math:`\sigma \to 1`. The term :math:`\frac12 s_t` keeps
    the weights from sinking to 0.

    Parameters
    ----------
    kinds : sequence of {"regression", "classification"}, one per task

    Attributes
    ----------
    log_variances : nn.Parameter of shape (n_tasks,)
        0 at the start. Give it to your optimiser: ``[*model.parameters(), *weighting.parameters()]``.
    weights : Tensor of shape (n_tasks,)
        :math:`a_t e^{-s_t}`, detached.

    Raises
    ------
    ValueError
        If `kinds` is empty or holds another word.

    Notes
    -----
    Setting the derivative to 0 gives :math:`s_t = \log L_t` for regression (:math:`\log 2 L_t` for
    classification): s follows the *training loss*, not the noise in the labels, so overfitting a task raises
    its weight. A task without labels in the batch has loss 0, which looks like a perfect fit and pulls its s
    down: leave such tasks out of the sum, or make batches that label every task.

    References
    ----------
    Kendall, Gal & Cipolla, Multi-task learning using uncertainty to weigh losses, CVPR 2018, equations 5-10.
    They write :math:`\log \sigma = \frac12 s`; LibMTL uses the regression form for every task.

    Examples
    --------
    At the start, half the squared error plus the cross-entropy:

    >>> weighting = UncertaintyWeighting(["regression", "classification"])
    >>> weighting(torch.tensor([4.0, 0.5])).item()
    2.5
    >>> weighting.weights
    tensor([0.5000, 1.0000])
    """

    factors: Tensor

    def __init__(self, kinds: Sequence[Literal["regression", "classification"]]):
        super().__init__()
        if isinstance(kinds, str) or not hasattr(kinds, "__len__") or len(kinds) == 0:
            raise ValueError(must("kinds", "be a sequence with one kind per task", repr(kinds)))
        for kind in kinds:
            check_choice("kinds", kind, ["regression", "classification"])
        self.register_buffer("factors", torch.tensor([0.5 if kind == "regression" else 1.0 for kind in kinds]))
        self.log_variances = nn.Parameter(torch.zeros(len(kinds)))

    def forward(self, losses: Tensor) -> Tensor:
        """Return the objective () of the losses (n_tasks,); gradients flow to the log-variances too.

        Raises
        ------
        TypeError, ValueError
            If `losses` is not a vector of n_tasks floating-point numbers on this device, or a weight has left the range
            of its dtype.
        """
        s = self.log_variances
        check_report("losses", losses, s)
        return weighted_sum(losses, self.factors * torch.exp(-s)) + 0.5 * s.sum()

    @property
    def weights(self) -> Tensor:
        """The weights (n_tasks,) in force, without gradient."""
        return (self.factors * torch.exp(-self.log_variances)).detach()

    def reset(self) -> None:
        """Set all log-variances back to 0. (The optimiser keeps its own memory of them.)"""
        nn.init.zeros_(self.log_variances)
