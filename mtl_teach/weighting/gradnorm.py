r"""Pull the gradient norms of the tasks, on one shared layer, towards targets (GradNorm).

.. math::  \min_w \sum_t \left| w_t n_t - \bar G\, r_t^\alpha \right|

for the norms :math:`n_t` of the tasks' unweighted gradients, the mean :math:`\bar G` of the weighted norms, and the
relative rate :math:`r_t` at which a task trains, above 1 where it is slow. The targets are held constant.

Source: Chen et al., GradNorm, ICML 2018, equations 1-2 and algorithm 1.
"""

import math
from typing import Any, Literal

import torch
from torch import Tensor

from mtl_teach._validate import check_all, check_tensor, must
from mtl_teach.gradients import task_gradients
from mtl_teach.weighting.base import Weighting, check_report


def gradnorm_targets(weighted_norms: Tensor, losses: Tensor, initial_losses: Tensor, alpha: float) -> Tensor:
    r"""Return the gradient norm that GradNorm wants each task to have.

    .. math::  \bar G \cdot r_t^\alpha, \qquad
               r_t = \frac{L_t / L_t(0)}{\text{mean over tasks of } L / L(0)}

    Parameters
    ----------
    weighted_norms : Tensor of shape (n_tasks,)
        :math:`G_t`, the norm of the gradient of :math:`w_t L_t`; :math:`\bar G` is their mean.
    losses, initial_losses : Tensor of shape (n_tasks,)
        Now and at the start of training; positive.
    alpha : float
        0: the same norm for every task. The larger, the more a slow task (large r) is helped.

    Returns
    -------
    Tensor of shape (n_tasks,)
        Detached: a target is a constant. It differs from task to task unless `alpha` is 0.

    Raises
    ------
    TypeError, ValueError
        If these are not three vectors of n_tasks floating-point numbers, a loss is negative or not finite, or an
        initial loss is not positive and finite.

    References
    ----------
    Chen et al., GradNorm, ICML 2018, equation 1.

    Examples
    --------
    >>> one = torch.ones(2)
    >>> gradnorm_targets(torch.tensor([1.0, 3.0]), torch.tensor([0.2, 0.6]), one, alpha=1.0)
    tensor([1., 3.])
    """
    check_tensor("weighted_norms", weighted_norms, n_tasks=None)
    for name, values in (("losses", losses), ("initial_losses", initial_losses)):
        check_tensor(name, values, n_tasks=len(weighted_norms))
    check_all("losses", losses, (losses >= 0) & losses.isfinite(), "be non-negative and finite")
    _check_initial("initial_losses", initial_losses)
    progress = (losses / initial_losses).detach()
    mean_progress = progress.mean()
    relative = progress / torch.where(mean_progress > 0, mean_progress, 1.0)
    return weighted_norms.detach().mean() * relative**alpha


class GradNorm(Weighting):
    r"""Pull the gradient norms of the tasks, on one shared layer, towards targets.

    The weights descend, one step an `update`, on :math:`\sum_t |G_t - \text{target}_t|`, where
    :math:`G_t = w_t n_t` and :math:`n_t` is the norm of the gradient of the unweighted :math:`L_t`. With the
    targets held constant the derivative is known in closed form, without a second backward pass,

    .. math::  \frac{\partial}{\partial w_t} = \operatorname{sign}(w_t n_t - \text{target}_t)\, n_t

    and afterwards the weights are rescaled to sum to the number of tasks.

    Parameters
    ----------
    n_tasks : int
        At least 1.
    alpha : float, default 1.5
        Non-negative; see `gradnorm_targets`.
    initial : "first" or Tensor of shape (n_tasks,), default "first"
        The initial losses: those of the first `update`, or positive numbers that you know, such as log(2) for
        a balanced yes-or-no task.
    lr : float, default 0.025
        Step size of the weights, in (0, 1).

    Attributes
    ----------
    initial_losses : Tensor of shape (n_tasks,)
        NaN until known.

    Notes
    -----
    Deviations from the paper: the step is divided by the mean of the :math:`n_t`, so that `lr` means the same
    in any units; a weight that would become negative is set to 0. A task whose gradient is 0 in a batch keeps
    its weight but for the rescaling.

    References
    ----------
    Chen et al., GradNorm, ICML 2018, equations 1-2 and algorithm 1.

    Examples
    --------
    The second task's gradient is ten times as long, so its weight falls:

    >>> shared = torch.tensor([1.0], requires_grad=True)
    >>> weighting = GradNorm(2, lr=0.1)
    >>> losses = torch.stack([shared.sum(), 10 * shared.sum()])
    >>> total = weighting(losses)
    >>> weighting.update(losses, shared)
    >>> weighting.weights
    tensor([1.1089, 0.8911])
    """

    initial_losses: Tensor

    def __init__(
        self, n_tasks: int, alpha: float = 1.5, initial: Literal["first"] | Tensor = "first", lr: float = 0.025
    ):
        super().__init__(n_tasks)
        check_all("alpha", alpha, alpha >= 0, "be non-negative")
        check_all("lr", lr, 0 < lr < 1, "lie in (0, 1)")
        self.alpha = alpha
        self.lr = lr
        self._given = None
        if isinstance(initial, Tensor):
            check_report("initial", initial, self.weights)
            _check_initial("initial", initial)
            self._given = initial.to(self.weights).clone()
        elif initial != "first":
            raise ValueError(must("initial", 'be "first" or a tensor', repr(initial)))
        self.register_buffer("initial_losses", self._start())

    def update(self, losses: Tensor, shared_parameter: Tensor) -> None:
        """Move the weights one step; call it before ``backward`` frees the graph.

        Parameters
        ----------
        losses : Tensor of shape (n_tasks,)
            Unweighted, with their graph, which is kept.
        shared_parameter : Tensor
            One parameter that all tasks share; the paper takes the weights of the last shared layer.

        Raises
        ------
        TypeError, ValueError
            If `losses` is not a vector of n_tasks floating-point numbers with a graph and on this device, is negative
            or not finite, or a first loss that must serve as the initial one is 0.
        """
        check_report("losses", losses, self.weights)
        norms = task_gradients(losses, [shared_parameter]).norm(dim=1).to(self.weights)
        if self.initial_losses.isnan().any():
            _check_initial("losses", losses.detach())
            self.initial_losses = losses.detach().to(self.weights)
        if norms.mean() == 0:
            return
        targets = gradnorm_targets(self.weights * norms, losses.to(norms), self.initial_losses, self.alpha)
        slope = torch.sign(self.weights * norms - targets) * norms / norms.mean()
        moved = (self.weights - self.lr * slope).clamp(min=0.0)
        self.weights = len(moved) * moved / moved.sum()

    def before_backward(self, losses: Tensor, model: Any) -> None:
        """Take an `update` on the weight matrix of the last shared layer, as in the paper.

        Raises
        ------
        ValueError
            If the model shares no matrix, or as `update`.
        """
        matrices = [parameter for parameter in model.shared_parameters() if parameter.ndim > 1]
        if not matrices:
            raise ValueError(must("model", "share a weight matrix, whose gradients GradNorm compares", "none"))
        self.update(losses, matrices[-1])

    def reset(self) -> None:
        """Go back to equal weights; with ``initial="first"``, the next losses are the first again."""
        super().reset()
        self.initial_losses = self._start().to(self.initial_losses)

    def _start(self) -> Tensor:
        return torch.full_like(self.weights, math.nan) if self._given is None else self._given


def _check_initial(name: str, losses: Tensor) -> None:
    positive = (losses > 0) & losses.isfinite()
    check_all(name, losses, positive, "be positive and finite to serve as the initial losses")
