r"""Loss weights that change while training: how much each task counts, decided from the losses.

Every class here answers one question, the weights :math:`w_1, \dots, w_T` of

.. math::  L = \sum_t w_t L_t

and is used in the same way: call it with the losses to get the number to minimise, read ``.weights``, and
tell it what it wants to know by its ``step`` or ``update``.

==================== =========================================== ============================== =============
class                a task's weight rises when                   it must be told                weights sum to
==================== =========================================== ============================== =============
WeightedSum          never                                        nothing                        anything
UncertaintyWeighting its training loss is small                   (learned by your optimiser)    anything
DynamicWeightAverage its loss has stopped falling                 mean losses, every epoch       n_tasks
GradNorm             its gradient is small or it trains slowly    losses and a shared parameter  n_tasks
PerformanceWeighting its validation metric is low                 metrics, every epoch           n_tasks
==================== =========================================== ============================== =============

None of them replaces a look at the units, and none beats a *tuned* `WeightedSum` reliably: compare at equal
tuning budget.
"""

import math
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from mtl_teach._validate import check_all, check_choice, check_same_device, check_tensor, must
from mtl_teach.gradients import task_gradients
from mtl_teach.losses import weighted_sum


class Weighting(nn.Module):
    """What the methods share: weights that start equal, and the weighted sum.

    Parameters
    ----------
    n_tasks : int
        At least 1.

    Attributes
    ----------
    weights : Tensor of shape (n_tasks,)
        A buffer: saved in the ``state_dict``, moved by ``.to``, out of reach of optimisers.
    """

    weights: Tensor

    def __init__(self, n_tasks: int):
        super().__init__()
        check_all("n_tasks", n_tasks, n_tasks >= 1, "be at least 1")
        self.register_buffer("weights", torch.ones(n_tasks))

    def forward(self, losses: Tensor) -> Tensor:
        """Return the weighted sum () of the losses (n_tasks,); no gradient flows into the weights."""
        return weighted_sum(losses, self.weights)

    def reset(self) -> None:
        """Go back to the weights of the beginning and forget everything seen."""
        self.weights = torch.ones_like(self.weights)


class WeightedSum(Weighting):
    """Weights that you choose and that stay.

    Parameters
    ----------
    weights : Tensor or sequence of floats of shape (n_tasks,)
        Non-negative and finite.

    Raises
    ------
    ValueError
        If `weights` is no vector, is empty, or holds a negative or infinite number.

    Examples
    --------
    >>> WeightedSum([2.0, 0.5])(torch.tensor([0.25, 4.0]))
    tensor(2.5000)
    """

    def __init__(self, weights: Tensor | Sequence[float]):
        weights = torch.as_tensor(weights, dtype=torch.get_default_dtype()).detach().clone()
        check_tensor("weights", weights, n_tasks=None)
        check_all("weights", weights, (weights >= 0) & weights.isfinite(), "be non-negative and finite")
        super().__init__(len(weights))
        self.weights = weights

    def reset(self) -> None:
        """Do nothing: there is nothing to forget."""


class UncertaintyWeighting(nn.Module):
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
    kinds : sequence of {"regression", "classification"}, one a task

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
    They write :math:`\log \sigma = \frac12 s`; many libraries use the regression form for every task.

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
        if isinstance(kinds, str) or len(kinds) == 0:
            raise ValueError(must("kinds", "be a sequence with one kind a task", repr(kinds)))
        for kind in kinds:
            check_choice("kinds", kind, ["regression", "classification"])
        self.register_buffer("factors", torch.tensor([0.5 if kind == "regression" else 1.0 for kind in kinds]))
        self.log_variances = nn.Parameter(torch.zeros(len(kinds)))

    def forward(self, losses: Tensor) -> Tensor:
        """Return the objective () of the losses (n_tasks,); gradients flow to the log-variances too."""
        s = self.log_variances
        return weighted_sum(losses, self.factors * torch.exp(-s)) + 0.5 * s.sum()

    @property
    def weights(self) -> Tensor:
        """The weights (n_tasks,) in force, without gradient."""
        return (self.factors * torch.exp(-self.log_variances)).detach()

    def reset(self) -> None:
        """Set all log-variances back to 0. (The optimiser keeps its own memory of them.)"""
        nn.init.zeros_(self.log_variances)


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
        _check_report("epoch_mean_losses", epoch_mean_losses, self.weights)
        positive = (epoch_mean_losses > 0) & epoch_mean_losses.isfinite()
        check_all("epoch_mean_losses", epoch_mean_losses, positive, "be positive and finite")
        self.history = torch.stack([self.history[1], epoch_mean_losses.to(self.history)])
        if self.history.isfinite().all():
            before, last = self.history
            self.weights = len(last) * torch.softmax(last / before / self.temperature, dim=0)

    def reset(self) -> None:
        """Go back to equal weights and forget the two epochs."""
        super().reset()
        self.history = torch.full_like(self.history, math.nan)


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

    References
    ----------
    Chen et al., GradNorm, ICML 2018, equation 1.

    Examples
    --------
    >>> one = torch.ones(2)
    >>> gradnorm_targets(torch.tensor([1.0, 3.0]), torch.tensor([0.2, 0.6]), one, alpha=1.0)
    tensor([1., 3.])
    """
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
    its weight but for the rescaling. One popular library gives all tasks the same target; the paper does not.

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
            self._given = _check_initial("initial", initial, self.weights).clone()
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
            If `losses` is not a vector of n_tasks floating-point numbers with a graph and on this device, or
            a first loss that must serve as the initial one is not positive and finite.
        """
        _check_report("losses", losses, self.weights)
        norms = task_gradients(losses, [shared_parameter]).norm(dim=1).to(self.weights)
        if self.initial_losses.isnan().any():
            self.initial_losses = _check_initial("losses", losses.detach(), self.weights)
        if norms.mean() == 0:
            return
        targets = gradnorm_targets(self.weights * norms, losses.to(norms), self.initial_losses, self.alpha)
        slope = torch.sign(self.weights * norms - targets) * norms / norms.mean()
        moved = (self.weights - self.lr * slope).clamp(min=0.0)
        self.weights = len(moved) * moved / moved.sum()

    def reset(self) -> None:
        """Go back to equal weights; with ``initial="first"``, the next losses are the first again."""
        super().reset()
        self.initial_losses = self._start().to(self.initial_losses)

    def _start(self) -> Tensor:
        return torch.full_like(self.weights, math.nan) if self._given is None else self._given


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
        _check_report("validation_metrics", validation_metrics, self.weights)
        in_range = (validation_metrics >= 0) & (validation_metrics <= 1)
        check_all("validation_metrics", validation_metrics, in_range, "lie in [0, 1]")
        metrics = validation_metrics.to(self.smoothed)
        before = torch.where(self.smoothed.isnan(), metrics, self.smoothed)
        self.smoothed = self.smoothing * metrics + (1 - self.smoothing) * before
        k = self.smoothed.clamp(min=1e-3)
        raw = -((1 - k) ** self.gamma) * torch.log(k)
        self.weights = len(raw) * raw / raw.sum() if raw.sum() > 0 else torch.ones_like(raw)

    def reset(self) -> None:
        """Go back to equal weights and forget the metrics."""
        super().reset()
        self.smoothed = torch.full_like(self.smoothed, math.nan)


def _check_report(name: str, value: Tensor, weights: Tensor) -> None:
    check_tensor(name, value, n_tasks=len(weights))
    check_same_device(name, value, "weights", weights)


def _check_initial(name: str, losses: Tensor, weights: Tensor) -> Tensor:
    _check_report(name, losses, weights)
    positive = (losses > 0) & losses.isfinite()
    check_all(name, losses, positive, "be positive and finite to serve as the initial losses")
    return losses.to(weights)
