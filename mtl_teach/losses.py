r"""From predictions to one number to minimise: masked losses, weighted sums, penalties.

A multi-task model with :math:`T` tasks has one vector of losses, and training needs one number:

.. math::
    L_t = \frac{\sum_i m_{it}\, w_{it}\, \ell(\hat y_{it}, y_{it})}{\sum_i m_{it}\, w_{it}},
    \qquad L = \sum_t w_t L_t,
    \qquad J = L + \lambda \max(0, v - b)^p

where :math:`m_{it}` is 1 if sample :math:`i` has a label for task :math:`t`. The mean runs over the labels
that exist, never over the batch. `masked_loss` is the first formula, `weighted_sum` the second,
`penalised_objective` the third.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from mtl_teach._tables import as_floats
from mtl_teach._validate import (
    all_equal,
    check_all,
    check_boolean,
    check_choice,
    check_floating,
    check_same_device,
    check_shape,
    check_tensor,
    must,
)

ElementwiseLoss = Callable[[Tensor, Tensor], Tensor]

ELEMENTWISE: dict[str, ElementwiseLoss] = {
    "mse": lambda pred, target: (pred - target) ** 2,
    "mae": lambda pred, target: (pred - target).abs(),
    "huber": lambda pred, target: F.huber_loss(pred, target, reduction="none"),
    "bce": lambda pred, target: F.binary_cross_entropy_with_logits(pred, target, reduction="none"),
}


def masked_loss(
    pred: Tensor,
    target: Tensor,
    mask: Tensor | None = None,
    loss: str | ElementwiseLoss = "mse",
    weight: Tensor | None = None,
    reduction: Literal["task", "none", "mean", "sum"] = "task",
) -> Tensor:
    """Average a loss over the labels that exist, safely in value and in gradient.

    Missing labels are left out *before* the loss is computed. Masking afterwards is not enough: the backward
    pass multiplies the zero of the mask by the NaN of the missing label, and 0 * NaN is NaN.

    Parameters
    ----------
    pred : Tensor of shape (n_samples, n_tasks)
        Predictions in the units of `target`; logits for ``loss="bce"``.
    target : Tensor of shape (n_samples, n_tasks)
        Labels. NaN means missing.
    mask : bool Tensor of shape (n_samples, n_tasks), default: ``~isnan(target)``
        True where the label was observed. Where it is False, `target` may hold anything.
    loss : {"mse", "mae", "huber", "bce"} or callable, default "mse"
        A callable gets the observed predictions and labels, each of shape (n_observed,) with at least one, and
        returns the loss of each, again (n_observed,). "huber" turns from square to line at an error of 1.
    weight : Tensor of shape (n_samples,) or (n_samples, n_tasks), optional
        Non-negative sample weights. A mean then divides by the sum of the weights of the observed labels,
        as scikit-learn's ``sample_weight`` does.
    reduction : {"task", "none", "mean", "sum"}, default "task"
        "task": one mean per task. "none": the weighted loss of each label, 0 where it is missing.
        "mean" and "sum": over all observed labels of all tasks, so a task with more labels counts more.

    Returns
    -------
    Tensor of shape (n_tasks,), (n_samples, n_tasks), () or (), in the order of `reduction`
        A mean over no label at all is exactly 0, with gradient 0. In the dtype of `pred`; a sum is taken in float32 at
        least, so that a float16 one does not end at 65504 labels.

    Raises
    ------
    TypeError
        If an argument is not a tensor, `pred` or `weight` does not hold floating-point numbers, `mask` is not boolean,
        or a callable returns no tensor.
    ValueError
        If shapes or devices differ, an observed label is NaN, a label for "bce" lies outside [0, 1], a
        weight is negative or not finite, or a callable does not return one loss per label.

    Examples
    --------
    >>> target = torch.tensor([[1.0, float("nan")], [0.0, float("nan")]])
    >>> masked_loss(torch.full((2, 2), 0.5), target)
    tensor([0.2500, 0.0000])
    """
    check_choice("reduction", reduction, ["task", "none", "mean", "sum"])
    mask = _check_labels(pred, target, mask)
    elementwise = pred.new_zeros(pred.shape).masked_scatter(mask, _observed_loss(pred, target, mask, loss))
    weight = mask.to(pred.dtype) if weight is None else _check_weight(weight, pred) * mask
    elementwise = elementwise * weight
    if reduction == "none":
        return elementwise
    axis, wide = 0 if reduction == "task" else (0, 1), torch.promote_types(pred.dtype, torch.float32)
    result = elementwise.sum(axis, dtype=wide)
    if reduction != "sum":
        total = weight.sum(axis, dtype=wide)
        result = result / torch.where(total > 0, total, 1.0)
    return result.to(pred.dtype)


def labels_and_mask(y: Any, dtype: torch.dtype | None = None) -> tuple[Tensor, Tensor]:
    """Return a table of labels as tensors: the labels, NaN where missing, and a mask that is True where observed.

    Parameters
    ----------
    y : array-like or DataFrame of shape (n_samples, n_tasks)
        NaN, or what a DataFrame calls missing, where a label is missing. Of a DataFrame, the order of its columns is
        that of the tasks.
    dtype : torch.dtype, default: torch's default floating-point dtype
        Floating-point. Rounding to it may cost no task more than a thousandth of its labels' spread: float32 counts
        seconds since 1970 in steps of two minutes.

    Returns
    -------
    target : Tensor of shape (n_samples, n_tasks)
    mask : bool Tensor of that shape

    Raises
    ------
    TypeError
        If `y` does not hold numbers or `dtype` is not a floating-point one.
    ValueError
        If `y` is no matrix or holds an infinity, or `dtype` rounds a task too coarsely: subtract an offset or scale
        first, or ask for ``torch.float64``.

    Examples
    --------
    >>> labels_and_mask([[1.0, float("nan")]])
    (tensor([[1., nan]]), tensor([[ True, False]]))
    """
    array = as_floats("y", y)
    check_shape("y", array, n_samples=None, n_tasks=None)
    check_all("y", array, ~np.isinf(array), "be finite, or NaN where a label is missing")
    target = torch.tensor(array, dtype=torch.get_default_dtype() if dtype is None else dtype)
    check_floating("dtype", target)
    _check_rounding(array, target)
    return target, ~target.isnan()


def weighted_sum(losses: Tensor, weights: Tensor | Sequence[float]) -> Tensor:
    """Return the sum over the tasks of weight times loss.

    Parameters
    ----------
    losses : Tensor of shape (n_tasks,)
    weights : Tensor or sequence of floats of shape (n_tasks,)
        Non-negative; they need not sum to anything in particular.

    Returns
    -------
    Tensor of shape ()

    Raises
    ------
    TypeError
        If `losses` is not a floating-point tensor or `weights` does not hold numbers.
    ValueError
        If shapes or devices differ or a weight is negative or not finite.

    Examples
    --------
    A price loss of 0.25 with weight 2 and a time-on-market loss of 4 with weight 0.5:

    >>> weighted_sum(torch.tensor([0.25, 4.0]), [2.0, 0.5])
    tensor(2.5000)
    """
    check_tensor("losses", losses, n_tasks=None)
    if not isinstance(weights, Tensor):
        weights = torch.tensor(as_floats("weights", weights), dtype=losses.dtype, device=losses.device)
    check_tensor("weights", weights, n_tasks=len(losses))
    check_same_device("weights", weights, "losses", losses)
    check_all("weights", weights, (weights >= 0) & weights.isfinite(), "be non-negative and finite")
    return (weights * losses).sum()


def hinge_penalty(value: Any, budget: Any, power: float = 1) -> Any:
    """Return how far `value` is over its budget, raised to `power`: ``max(0, value - budget) ** power``.

    Within the budget the penalty and its gradient are 0; at the budget itself the gradient is 0 too.

    Parameters
    ----------
    value : Tensor, array or float of any shape
        What is limited, for example a latency in milliseconds.
    budget : Tensor, array or float
        The limit, in the units of `value`.
    power : float, default 1
        At least 1. A power of 1 can be exact (a large enough multiplier stops *at* the budget); a power of 2
        is smooth, but always leaves a violation.

    Returns
    -------
    Tensor if `value` is a tensor, else a NumPy array or float, of the shape of `value`
        In the units of `value`, raised to `power`.

    Raises
    ------
    ValueError
        If `power` is less than 1.

    References
    ----------
    Nocedal & Wright, Numerical Optimization (2006), section 17.1 (power 2) and 17.2 (power 1).

    Examples
    --------
    >>> float(hinge_penalty(62.0, 50.0)), float(hinge_penalty(45.0, 50.0))
    (12.0, 0.0)
    """
    check_all("power", power, power >= 1, "be at least 1")
    if isinstance(value, Tensor) and isinstance(budget, np.ndarray):
        budget = torch.as_tensor(budget, dtype=value.dtype, device=value.device)
    excess = value - budget
    excess = torch.relu(excess) if isinstance(excess, Tensor) else np.maximum(excess, 0.0)
    return excess**power


def penalised_objective(loss: Any, value: Any, budget: Any, lam: Any, power: float = 1) -> Any:
    """Return ``J = loss + lam * hinge_penalty(value, budget, power)``.

    Parameters
    ----------
    loss : Tensor or float
    value, budget, power
        As in `hinge_penalty`. To *train* with the penalty, `value` must depend on the parameters: a latency
        read from a clock has no gradient and can only be used to choose among models.
    lam : Tensor or float
        Non-negative and finite multiplier, in units of loss per (unit of `value`) ** `power`: 0.02 a millisecond is
        20 a second.

    Returns
    -------
    Tensor or float
        In the units of `loss`.

    Raises
    ------
    ValueError
        If `lam` is negative or not finite or `power` is less than 1.

    Examples
    --------
    A loss of 0.42 and a latency of 62 ms against a budget of 50 ms:

    >>> round(float(penalised_objective(0.42, 62.0, 50.0, lam=0.02)), 6)
    0.66
    """
    check_all("lam", lam, (lam >= 0) & (lam < np.inf), "be non-negative and finite")
    return loss + lam * hinge_penalty(value, budget, power)


def _check_labels(pred: Tensor, target: Tensor, mask: Tensor | None) -> Tensor:
    """Check the three matrices and return the mask."""
    check_tensor("pred", pred, n_samples=None, n_tasks=None)
    n_samples, n_tasks = pred.shape
    check_shape("target", target, n_samples=n_samples, n_tasks=n_tasks)
    check_same_device("target", target, "pred", pred)
    if mask is None:
        return ~target.isnan()
    check_same_device("mask", mask, "pred", pred)
    check_boolean("mask", mask)
    check_shape("mask", mask, n_samples=n_samples, n_tasks=n_tasks)
    check_all("target", target, ~(mask & target.isnan()), "be a number wherever `mask` is True")
    return mask


def _observed_loss(pred: Tensor, target: Tensor, mask: Tensor, loss: str | ElementwiseLoss) -> Tensor:
    """Return the losses (n_observed,) of the observed labels, in row-major order."""
    observed = target[mask].to(pred.dtype)
    if not callable(loss):
        check_choice("loss", loss, ELEMENTWISE)
        if loss == "bce":
            check_all("target", observed, (observed >= 0) & (observed <= 1), 'lie in [0, 1] for loss "bce"')
        return ELEMENTWISE[loss](pred[mask], observed)
    if len(observed) == 0:
        return pred[mask]
    values = loss(pred[mask], observed)
    if not isinstance(values, Tensor):
        raise TypeError(must("loss", "return a torch tensor", type(values).__name__))
    if values.shape != observed.shape:
        need = f"return one loss per label, shape {tuple(observed.shape)}"
        raise ValueError(must("loss", need, tuple(values.shape)))
    return values.to(pred.dtype)


def _check_rounding(array: np.ndarray, target: Tensor) -> None:
    for task, (labels, rounded) in enumerate(zip(array.T, target.double().cpu().numpy().T)):
        observed = ~np.isnan(labels)
        error = np.abs(rounded - labels).max(where=observed, initial=0.0)
        if error == 0 or (np.isfinite(error) and all_equal(labels[observed])):
            continue
        spread = np.std(labels[observed]) if np.isfinite(error) else 0.0
        if error > spread / 1000:
            need = f"round the labels of task {task} by at most a thousandth of their spread"
            raise ValueError(must("dtype", need, f"{target.dtype}, which rounds one by {error:.3g}"))


def _check_weight(weight: Tensor, pred: Tensor) -> Tensor:
    """Check the sample weights and return them as a matrix (n_samples, n_tasks)."""
    n_samples, n_tasks = pred.shape
    if isinstance(weight, Tensor) and weight.ndim == 1:
        check_tensor("weight", weight, n_samples=n_samples)
        weight = weight[:, None].expand(n_samples, n_tasks)
    check_tensor("weight", weight, n_samples=n_samples, n_tasks=n_tasks)
    check_same_device("weight", weight, "pred", pred)
    check_all("weight", weight, (weight >= 0) & weight.isfinite(), "be non-negative and finite")
    return weight.to(pred.dtype)
