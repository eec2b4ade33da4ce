r"""The gradient of each loss on the same parameters, as the rows of one matrix.

.. math::  J_{tp} = \frac{\partial L_t}{\partial \theta_p}

for the losses :math:`L_1, \dots, L_T` and the parameters :math:`\theta`, all their entries in one long vector. Each
row costs one backward pass. All methods of this package start from :math:`J`, the Jacobian of the losses.

Source: Quinton & Rey, Jacobian descent for multi-objective optimization, 2024, for the view of a step as a choice
among rows of the Jacobian.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

import torch
from torch import Tensor, nn

from mtl_teach._validate import check_same_device, check_tensor, must


def task_gradients(losses: Tensor | Sequence[Tensor], params: Iterable[Tensor]) -> Tensor:
    """Return the gradient of each loss with respect to all parameters, one row per task.

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
        The Jacobian; `n_params` counts the entries of all parameters, in the order given. Parameters of several
        dtypes meet in one that holds them all.

    Raises
    ------
    TypeError
        If a loss is not a floating-point tensor, or `params` is one tensor or a module.
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
    losses = scalar_losses(losses)
    params = check_params("params", params, losses[0])
    jacobian = empty_jacobian(len(losses), params)
    for task, loss in enumerate(losses):
        grads = torch.autograd.grad(loss, params, retain_graph=True, allow_unused=True)
        write_row(jacobian[task], params, grads)
    return jacobian


def scalar_losses(losses: Tensor | Sequence[Tensor]) -> list[Tensor]:
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


def check_params(name: str, params: Iterable[Tensor], loss: Tensor, least: int = 1) -> list[Tensor]:
    if isinstance(params, (Tensor, nn.Module)):  # the rows of a tensor would be new tensors that no loss depends on
        raise TypeError(must(name, "be an iterable of parameters, as `module.parameters()`", type(params).__name__))
    params = list(params)
    if len(params) < least:
        raise ValueError(must(name, "hold at least one parameter", "none"))
    for index, param in enumerate(params):
        check_same_device(name, param, "losses", loss)
        if not param.requires_grad:
            raise ValueError(must(name, "require gradients", f"one that does not, at position {index}"))
    return params


def empty_jacobian(n_tasks: int, params: Sequence[Tensor]) -> Tensor:
    dtype = reduce(torch.promote_types, (param.dtype for param in params))
    return params[0].new_empty(n_tasks, sum(param.numel() for param in params), dtype=dtype)


def write_row(row: Tensor, params: Sequence[Tensor], grads: Sequence[Tensor | None]) -> None:
    for part, grad in zip(row.split([param.numel() for param in params]), grads):
        if grad is None:
            part.zero_()
        else:
            part.copy_(grad.to_dense().reshape(-1))  # that of an embedding may be sparse
