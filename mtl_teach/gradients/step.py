r"""The backward pass of a training step, with a method deciding about the shared parameters.

.. math::  \nabla_{\theta} = \sum_t w_t \nabla_{\theta} L_t, \qquad \nabla_{\phi_t} = \nabla_{\phi_t} L_t

for the shared parameters :math:`\theta` and the parameters :math:`\phi_t` of each task's head: the heads do not
compete, so no weight touches them.

Source: Sener & Koltun, Multi-task learning as multi-objective optimization, NeurIPS 2018, algorithm 2, and
section 3.3 for the gradients taken at the trunk's output.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from mtl_teach._validate import check_choice, must
from mtl_teach.gradients.aggregation import METHODS, aggregate
from mtl_teach.gradients.jacobian import check_params, empty_jacobian, scalar_losses, write_row


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
        As `task_gradients` and `gramian_weights`, or if there is not one head per task, or no loss depends on the
        trunk's output. No ``.grad`` has been touched then.

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
    losses = scalar_losses(losses)
    shared = check_params("shared", shared, losses[0])
    head_params = [check_params("heads", head, losses[0], least=0) for head in heads]
    if len(head_params) != len(losses):
        raise ValueError(must("heads", f"hold the parameters of {len(losses)} heads", len(head_params)))
    if features is not None and not features.requires_grad:
        raise ValueError(must("features", "have a graph back to `shared`", "a tensor without one"))
    inputs = shared if features is None else [features]

    jacobian = empty_jacobian(len(losses), inputs)
    of_heads, reached = [], False
    for task, (loss, head) in enumerate(zip(losses, head_params)):
        keep = task < len(losses) - 1
        grads = torch.autograd.grad(loss, [*inputs, *head], retain_graph=keep, allow_unused=True)
        write_row(jacobian[task], inputs, grads[: len(inputs)])
        of_heads.append(grads[len(inputs) :])
        reached = reached or any(grad is not None for grad in grads[: len(inputs)])
    if features is not None and not reached:
        raise ValueError(must("features", "be what the losses were computed from", "a tensor that no loss depends on"))

    gradient, weights = aggregate(jacobian, method, **kw)
    for head, grads in zip(head_params, of_heads):
        _add_to_grad(head, grads)
    if features is None:
        _add_to_grad(shared, _split(gradient, shared))
    else:
        torch.autograd.backward(features, gradient.view_as(features), inputs=shared)
    return weights


def _split(gradient: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    parts = gradient.split([param.numel() for param in params])
    return [part.view_as(param).to(param.dtype) for part, param in zip(parts, params)]


def _add_to_grad(params: Sequence[Tensor], grads: Sequence[Tensor | None]) -> None:
    for param, grad in zip(params, grads):
        if grad is not None:
            param.grad = grad if param.grad is None else param.grad + grad
