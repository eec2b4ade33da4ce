r"""One gradient from several: methods that look at each task's gradient on the shared parameters.

The gradients of :math:`T` tasks are the rows :math:`g_1, \dots, g_T` of the Jacobian :math:`J`. A method
chooses one weight a task and steps along

.. math::  d = \sum_t w_t\, g_t = J^\top w

Every method here reads the gradients only through their inner products, the Gramian :math:`G = J J^\top`,
whose entry :math:`G_{ij} = g_i \cdot g_j` is negative where two tasks *conflict*. So each method is a short
function from a small matrix (n_tasks, n_tasks) to weights (n_tasks,), and the long vectors are touched
twice: once to form :math:`G`, once to add them up.

====== ============================================================ =================== ===============
method idea                                                         weights             can hurt a task
====== ============================================================ =================== ===============
sum    add the gradients                                            all 1               yes
mean   average them                                                 all 1/T             yes
pcgrad take from each gradient what opposes another, then add       at least 1          from 3 tasks on
mgda   shortest vector in the convex hull of the gradients          not negative, sum 1 no
upgrad move each gradient to the nearest harmless one, then average not negative        no
cagrad help the worst-off task, staying near the mean gradient      not negative        if c < 1
imtl_g the same component along every task's own direction          any sign, sum 1     yes
====== ============================================================ =================== ===============

"Hurt" is to first order: a step against :math:`d` raises loss :math:`t` if :math:`g_t \cdot d < 0`. What it
costs is one backward pass a task instead of one in all.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch
from scipy.optimize import brentq, nnls
from torch import Tensor

from mtl_teach._validate import check_all, check_choice, check_same_device, check_tensor, must


def task_gradients(losses: Tensor | Sequence[Tensor], params: Iterable[Tensor]) -> Tensor:
    """Return the gradient of each loss with respect to all parameters, one row a task.

    The graph is kept, so that the losses can be differentiated again, and no ``.grad`` is touched.

    Parameters
    ----------
    losses : sequence of n_tasks scalar Tensors, or Tensor of shape (n_tasks,)
        A sequence is faster where each task has a head of its own: starting from one loss of a *stacked*
        tensor, a backward pass also goes through all other heads, carrying zeros.
    params : iterable of Tensors that require gradients
        Usually the shared ones. A parameter that a loss does not depend on has gradient 0.

    Returns
    -------
    Tensor of shape (n_tasks, n_params)
        The Jacobian; `n_params` counts the entries of all parameters, in the order given.

    Raises
    ------
    TypeError
        If a loss is not a floating-point tensor.
    ValueError
        If `losses` is neither a vector nor a sequence of scalars, is empty or has no graph, or `params` is
        empty or holds one that needs no gradient.

    Examples
    --------
    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> task_gradients(torch.stack([w.sum(), w[0] ** 2]), [w])
    tensor([[1., 1.],
            [2., 0.]])
    """
    losses = _scalars(losses)
    params = _check_params("params", params, losses[0])
    jacobian = _empty_jacobian(len(losses), params)
    for task, loss in enumerate(losses):
        grads = torch.autograd.grad(loss, params, retain_graph=True, allow_unused=True)
        _write_row(jacobian[task], params, grads)
    return jacobian


def cosine_conflict(jacobian: Tensor) -> Tensor:
    """Return the cosine between the gradients of every two tasks; below 0 they conflict.

    Parameters
    ----------
    jacobian : Tensor of shape (n_tasks, n_params)

    Returns
    -------
    Tensor of shape (n_tasks, n_tasks)
        Symmetric, in [-1, 1], without unit. A gradient of 0 has no direction: its cosines are all 0.

    Raises
    ------
    TypeError, ValueError
        If `jacobian` is not a floating-point matrix.

    Examples
    --------
    >>> cosine_conflict(torch.tensor([[1.0, 0.0], [-2.0, 0.0], [0.0, 3.0]]))
    tensor([[ 1., -1.,  0.],
            [-1.,  1.,  0.],
            [ 0.,  0.,  1.]])
    """
    check_tensor("jacobian", jacobian, n_tasks=None, n_params=None)
    largest = jacobian.abs().amax(dim=1, keepdim=True)
    # Squaring entries of 1e-30 or 1e30 would leave the range of float32, so each row is brought near 1 first.
    rows = jacobian / torch.where(largest > 0, largest, 1.0)
    rows = rows / rows.norm(dim=1, keepdim=True).clamp(min=1.0)
    return (rows @ rows.T).clamp(-1.0, 1.0)


def gramian_weights(gramian: Tensor, method: str, **kw: Any) -> Tensor:
    """Return the weight that a method gives to each task's gradient.

    Parameters
    ----------
    gramian : Tensor of shape (n_tasks, n_tasks)
        Inner products of the gradients, ``jacobian @ jacobian.T``.
    method : {"sum", "mean", "pcgrad", "mgda", "upgrad", "cagrad", "imtl_g"}
    **kw
        ``generator`` (torch.Generator, optional) for "pcgrad"; ``c`` (float, default 0.5) for "cagrad".

    Returns
    -------
    Tensor of shape (n_tasks,)
        In the dtype and on the device of `gramian`; computed in float64 on the CPU. Multiplying all
        gradients by one positive number does not change it; multiplying one of them does.

    Raises
    ------
    TypeError
        If `gramian` is not a floating-point tensor, or the method does not know an option.
    ValueError
        If `gramian` is not square, has no row, is not finite or has a negative diagonal, or the method is
        unknown.

    Examples
    --------
    >>> gramian_weights(torch.tensor([[1.0, 0.0], [0.0, 4.0]]), "mgda")
    tensor([0.8000, 0.2000])
    """
    check_choice("method", method, METHODS)
    check_tensor("gramian", gramian, n_rows=None, n_columns=None)
    if gramian.shape[0] != gramian.shape[1] or len(gramian) == 0:
        need = "have shape (n_tasks, n_tasks) with at least one task"
        raise ValueError(must("gramian", need, tuple(gramian.shape)))
    products = gramian.detach().cpu().double().numpy()
    check_all("gramian", products, np.isfinite(products), "be finite")
    check_all("gramian", products.diagonal(), products.diagonal() >= 0, "have a non-negative diagonal")
    weights = METHODS[method](products, **kw)
    return torch.from_numpy(weights).to(gramian)


def aggregate(jacobian: Tensor, method: str, **kw: Any) -> tuple[Tensor, Tensor]:
    """Combine the gradients of all tasks into one.

    Parameters
    ----------
    jacobian : Tensor of shape (n_tasks, n_params)
    method, **kw
        As in `gramian_weights`.

    Returns
    -------
    gradient : Tensor of shape (n_params,)
        ``weights @ jacobian``; step *against* it.
    weights : Tensor of shape (n_tasks,)

    Raises
    ------
    TypeError, ValueError
        If `jacobian` is not a floating-point matrix, has no row or is not finite, or as `gramian_weights`.

    Examples
    --------
    >>> gradient, weights = aggregate(torch.tensor([[1.0, 0.0], [-1.0, 1.0]]), "pcgrad")
    >>> gradient, weights
    (tensor([0.5000, 1.5000]), tensor([2.0000, 1.5000]))
    """
    check_tensor("jacobian", jacobian, n_tasks=None, n_params=None)
    if len(jacobian) == 0:
        raise ValueError(must("jacobian", "have at least one task", "none"))
    weights = gramian_weights(_gramian(jacobian.detach()), method, **kw).to(jacobian.dtype)
    return weights @ jacobian, weights


def multitask_backward(
    losses: Tensor | Sequence[Tensor],
    shared: Iterable[Tensor],
    heads: Sequence[Iterable[Tensor]],
    method: str,
    features: Tensor | None = None,
    **kw: Any,
) -> Tensor:
    """Do what ``sum(losses).backward()`` does, with a method deciding about the shared parameters.

    Each head gets the plain, unweighted gradient of its own loss. The shared parameters get the combined
    gradient. Like ``backward``, this adds to ``.grad`` and frees the graph.

    Parameters
    ----------
    losses : sequence of n_tasks scalar Tensors (faster), or Tensor of shape (n_tasks,)
    shared : iterable of Tensors
        Parameters of the trunk.
    heads : sequence of n_tasks iterables of Tensors
        Parameters of each task's head; an iterable may be empty.
    method, **kw
        As in `gramian_weights`.
    features : Tensor of any shape, optional
        The trunk's output, through which alone the losses depend on `shared`. If given, each task is
        differentiated only down to the features, the weights are chosen from *those* gradients, and the
        trunk is passed once for all tasks. Much cheaper for many tasks, and another method: the weights are
        those of the features' Gramian (Sener & Koltun's upper bound).

    Returns
    -------
    Tensor of shape (n_tasks,)
        The weights.

    Raises
    ------
    TypeError, ValueError
        As `task_gradients` and `gramian_weights`, or if there is not one head a task, or the trunk's output
        has no graph.

    References
    ----------
    Sener & Koltun, Multi-task learning as multi-objective optimization, NeurIPS 2018, section 3.3.

    Examples
    --------
    >>> trunk, heads = torch.nn.Linear(3, 4), [torch.nn.Linear(4, 1) for _ in range(2)]
    >>> features = trunk(torch.ones(5, 3)).relu()
    >>> losses = [head(features).square().mean() for head in heads]
    >>> weights = multitask_backward(
    ...     losses, trunk.parameters(), [head.parameters() for head in heads], "upgrad", features
    ... )
    >>> weights.shape, trunk.weight.grad.shape
    (torch.Size([2]), torch.Size([4, 3]))
    """
    check_choice("method", method, METHODS)
    losses = _scalars(losses)
    shared = _check_params("shared", shared, losses[0])
    head_params = [list(head) for head in heads]
    if len(head_params) != len(losses):
        raise ValueError(must("heads", f"hold the parameters of {len(losses)} heads", len(head_params)))
    if features is not None and not features.requires_grad:
        raise ValueError(must("features", "have a graph back to `shared`", "a tensor without one"))
    inputs = shared if features is None else [features]

    jacobian = _empty_jacobian(len(losses), inputs)
    for task, (loss, head) in enumerate(zip(losses, head_params)):
        keep = task < len(losses) - 1
        grads = torch.autograd.grad(loss, [*inputs, *head], retain_graph=keep, allow_unused=True)
        _write_row(jacobian[task], inputs, grads[: len(inputs)])
        _add_to_grad(head, grads[len(inputs) :])

    gradient, weights = aggregate(jacobian, method, **kw)
    if features is None:
        _add_to_grad(shared, _split(gradient, shared))
    else:
        torch.autograd.backward(features, gradient.view_as(features), inputs=shared)
    return weights


# --- the methods: each maps the Gramian (n_tasks, n_tasks) to weights (n_tasks,), in float64 ---


def _sum(gramian: np.ndarray) -> np.ndarray:
    """Weight every task 1: the gradient of the summed loss."""
    return np.ones(len(gramian))


def _mean(gramian: np.ndarray) -> np.ndarray:
    """Weight every task 1 / n_tasks."""
    return np.full(len(gramian), 1 / len(gramian))


def _pcgrad(gramian: np.ndarray, generator: torch.Generator | None = None) -> np.ndarray:
    """Project conflicting gradients (PCGrad).

    Each gradient in turn visits the others in random order. Where what is left of it opposes another task's
    *original* gradient, it loses its component along that one. The results are summed (not averaged).

    References
    ----------
    Yu et al., Gradient surgery for multi-task learning, NeurIPS 2020, algorithm 1.
    """
    n_tasks = len(gramian)
    total = np.zeros(n_tasks)
    for i in range(n_tasks):
        weights = np.zeros(n_tasks)
        weights[i] = 1.0
        inner = gramian[i].copy()  # of the running projection with every original gradient
        for j in torch.randperm(n_tasks, generator=generator).tolist():
            if j != i and inner[j] < 0:
                step = -inner[j] / gramian[j, j]
                weights[j] += step
                inner += step * gramian[j]
        total += weights
    return total


def _mgda(gramian: np.ndarray) -> np.ndarray:
    """Take the shortest vector of the convex hull of the gradients (MGDA).

    It is 0 exactly where no direction improves all tasks (Pareto stationarity), and its inner product with
    every gradient is at least its own squared length. Small gradients get large weights, so the weights
    follow the units of the losses, and a task whose gradient is 0 (no label in the batch, for example) gets
    all the weight and stops every other task.

    References
    ----------
    Désidéri, Multiple-gradient descent algorithm, C. R. Math. 2012; Sener & Koltun, NeurIPS 2018, equation 3.
    They iterate (Frank-Wolfe); here the solution is exact, by non-negative least squares.
    """
    return _share_among_equals(_min_norm_point(_coordinates(gramian)), gramian)


def _upgrad(gramian: np.ndarray) -> np.ndarray:
    """Project each gradient onto the directions that hurt no task, then average (UPGrad).

    Moving g_i as little as possible until it has no negative inner product with any gradient means adding
    non-negative multiples x of the gradients such that ``g_i + sum_j x_j g_j`` is shortest.

    References
    ----------
    Quinton & Rey, Jacobian descent for multi-objective optimization, 2024: UPGrad and its quadratic programme.
    """
    rows = _coordinates(gramian)
    weights = [unit + _nnls(rows.T, -row) for unit, row in zip(np.eye(len(rows)), rows)]
    return _share_among_equals(np.mean(weights, axis=0), gramian)


def _cagrad(gramian: np.ndarray, c: float = 0.5) -> np.ndarray:
    """Improve the worst-off task as much as a ball around the mean gradient allows (CAGrad).

    With mean gradient g0 and radius r = c |g0|, the direction is ``g0 + r * g_w / |g_w|``, where g_w is the
    convex combination of the gradients that minimises ``g_w . g0 + r |g_w|``. We take the mean, not the sum,
    and do not divide by 1 + c² as the authors' code does by default. ``c=0`` is "mean". Where g_w is 0 there
    is nothing to improve and all weights are 0.

    References
    ----------
    Liu et al., Conflict-averse gradient descent, NeurIPS 2021, algorithm 1.
    """
    check_all("c", c, c >= 0, "be non-negative")
    mean, rows = _mean(gramian), _coordinates(gramian)
    radius = c * np.linalg.norm(mean @ rows)
    if radius == 0:
        return mean

    # If the length n of g_w were known, minimising would be to find the point of the hull nearest to
    # -(n / radius) g0. The n that reproduces itself is the solution, and there is only one.
    def combination(length: float) -> np.ndarray:
        return _min_norm_point(rows + length / radius * (mean @ rows))

    def excess(length: float) -> float:
        return float(np.linalg.norm(combination(length) @ rows)) - length

    shortest, longest = 1e-7, 1.0 + 1e-7  # of coordinates whose longest row has length 1, accurate to 1e-8
    if excess(shortest) <= 0:
        return np.zeros(len(gramian))
    weights = combination(brentq(excess, shortest, longest, xtol=1e-14, rtol=1e-14))
    return mean + radius / np.linalg.norm(weights @ rows) * _share_among_equals(weights, gramian)


def _imtl_g(gramian: np.ndarray) -> np.ndarray:
    """Give the result the same component along every task's own direction (IMTL-G).

    ``d . g_t / |g_t|`` is equal for all t. The weights sum to 1 and can be *negative*. A task with gradient 0
    gets weight 0; if no such direction exists (opposite gradients), all weights are 0. The paper inverts a
    matrix; the pseudo-inverse gives the same and also takes linearly dependent gradients.

    References
    ----------
    Liu et al., Towards impartial multi-task learning, ICLR 2021: the gradient balance, IMTL-G.
    """
    norms, cosines = _norms_and_cosines(gramian)
    weights = np.linalg.pinv(cosines, rcond=1e-12, hermitian=True) @ (norms > 0)
    weights = np.divide(weights, norms, out=np.zeros_like(weights), where=norms > 0)
    total = weights.sum()
    return weights / total if abs(total) > 1e-9 * np.abs(weights).sum() else np.zeros_like(weights)


METHODS: dict[str, Callable[..., np.ndarray]] = {
    "sum": _sum,
    "mean": _mean,
    "pcgrad": _pcgrad,
    "mgda": _mgda,
    "upgrad": _upgrad,
    "cagrad": _cagrad,
    "imtl_g": _imtl_g,
}


# --- the geometry that the methods share ---


def _norms_and_cosines(gramian: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    norms = np.sqrt(gramian.diagonal())
    safe = np.where(norms > 0, norms, 1.0)
    return norms, gramian / np.outer(safe, safe)


def _coordinates(gramian: np.ndarray) -> np.ndarray:
    """Return n_tasks vectors (rows) in n_tasks dimensions that have this Gramian, the longest of length 1.

    Lengths and angles are treated apart, so that a short gradient keeps its digits beside a long one.
    """
    norms, cosines = _norms_and_cosines(gramian)
    values, vectors = np.linalg.eigh(cosines)
    unit_rows = vectors * np.sqrt(values.clip(min=0.0))
    return unit_rows * norms[:, None] / (norms.max() or 1.0)


def _nnls(system: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the non-negative x for which ``system @ x`` is nearest to `target`."""
    # Columns of length 1 keep the digits of small ones; SciPy's default of 3 n steps can be too few.
    size = np.linalg.norm(system, axis=0)
    size = np.where(size > 0, size, 1.0)
    return nnls(system / size, target, maxiter=100 * len(size))[0] / size


def _min_norm_point(rows: np.ndarray) -> np.ndarray:
    """Return non-negative weights of sum 1 for which ``weights @ rows`` is shortest.

    Non-negative least squares on ``[rows.T; 1] w = [0; 1]`` pulls the result to 0 and the sum to 1; whatever
    sum the compromise has, its direction is the solution.
    """
    lengths = np.linalg.norm(rows, axis=1)
    shortest = lengths[lengths > 0].min(initial=1.0)
    system = np.vstack([rows.T / shortest, np.ones(len(rows))])
    weights = _nnls(system, np.eye(len(system))[-1])
    return weights / weights.sum()


def _share_among_equals(weights: np.ndarray, gramian: np.ndarray) -> np.ndarray:
    """Give tasks with one and the same gradient the same weight; the combined gradient stays as it is."""
    squares = gramian.diagonal()
    sums = squares[:, None] + squares
    equal = sums - 2 * gramian <= 1e-14 * sums
    return equal @ weights / equal.sum(axis=1)


# --- plumbing ---


def _gramian(jacobian: Tensor) -> Tensor:
    gramian = jacobian @ jacobian.T
    smallest, largest = gramian.diagonal().aminmax()
    # Squares of gradients beyond 1e-15 or 1e19 leave the range of float32; the weights need only float64.
    if not (smallest > 1e-30 and largest < torch.inf):
        gramian = jacobian.double() @ jacobian.double().T
    return gramian


def _scalars(losses: Tensor | Sequence[Tensor]) -> list[Tensor]:
    """Check the losses and return them one by one."""
    if isinstance(losses, Tensor):
        check_tensor("losses", losses, n_tasks=None)
    losses = list(losses)
    if not losses:
        raise ValueError(must("losses", "hold at least one task", "none"))
    for loss in losses:
        check_tensor("losses", loss)
        if not loss.requires_grad:
            raise ValueError(must("losses", "have a graph back to the parameters", "a tensor without one"))
    return losses


def _check_params(name: str, params: Iterable[Tensor], loss: Tensor) -> list[Tensor]:
    params = list(params)
    if not params:
        raise ValueError(must(name, "hold at least one parameter", "none"))
    for index, param in enumerate(params):
        check_same_device(name, param, "losses", loss)
        if not param.requires_grad:
            raise ValueError(must(name, "require gradients", f"one that does not, at position {index}"))
    return params


def _empty_jacobian(n_tasks: int, params: Sequence[Tensor]) -> Tensor:
    return params[0].new_empty(n_tasks, sum(param.numel() for param in params))


def _write_row(row: Tensor, params: Sequence[Tensor], grads: Sequence[Tensor | None]) -> None:
    for part, grad in zip(row.split([param.numel() for param in params]), grads):
        if grad is None:
            part.zero_()
        else:
            part.copy_(grad.reshape(-1))


def _split(gradient: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    parts = gradient.split([param.numel() for param in params])
    return [part.view_as(param) for part, param in zip(parts, params)]


def _add_to_grad(params: Sequence[Tensor], grads: Sequence[Tensor | None]) -> None:
    for param, grad in zip(params, grads):
        if grad is not None:
            param.grad = grad if param.grad is None else param.grad + grad
