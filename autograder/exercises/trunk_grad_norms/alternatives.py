"""Right answers that look nothing alike."""

import math

import torch

from autograder.testing import alternative


@alternative("autograd.grad, everything flattened into one vector")
def flattened(losses, trunk_params):
    norms = []
    for loss in losses:
        grads = torch.autograd.grad(loss, trunk_params, retain_graph=True)
        norms.append(torch.cat([grad.reshape(-1) for grad in grads]).norm())
    return torch.stack(norms)


@alternative("the norm of the norms; Python floats")
def norm_of_norms(losses, trunk_params):
    result = []
    for loss in losses:
        grads = torch.autograd.grad(loss, list(trunk_params), retain_graph=True)
        result.append(torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in grads])).item())
    return result


@alternative("backward with inputs=, and every .grad put back")
def backward_and_restore(losses, trunk_params):
    saved = [param.grad for param in trunk_params]
    norms = []
    for loss in losses:
        for param in trunk_params:
            param.grad = None
        loss.backward(retain_graph=True, inputs=list(trunk_params))
        norms.append(sum((param.grad**2).sum() for param in trunk_params).sqrt())
    for param, grad in zip(trunk_params, saved):
        param.grad = grad
    return torch.tensor(norms)


@alternative("a sum of squares in double precision, over tensors and then a root; NumPy")
def sums_of_squares(losses, trunk_params):
    import numpy as np

    squares = np.zeros(len(losses))
    for param in trunk_params:
        for task, loss in enumerate(losses):
            (grad,) = torch.autograd.grad(loss, param, retain_graph=True)
            squares[task] += float((grad.double() ** 2).sum())
    return np.sqrt(squares)


@alternative("norms that carry a gradient themselves")
def with_a_graph(losses, trunk_params):
    def norm(loss):
        grads = torch.autograd.grad(loss, trunk_params, create_graph=True, materialize_grads=True)
        return sum(grad.pow(2).sum() for grad in grads) ** 0.5

    return torch.stack([norm(loss) for loss in losses])


@alternative("vectorised: all tasks at once, with a batch of output gradients")
def batched(losses, trunk_params):
    stacked = torch.stack(list(losses))
    grads = torch.autograd.grad(
        stacked,
        trunk_params,
        grad_outputs=torch.eye(len(losses), dtype=stacked.dtype),
        is_grads_batched=True,
        retain_graph=True,
    )
    return torch.cat([grad.flatten(start_dim=1) for grad in grads], dim=1).norm(dim=1)


@alternative("torch's own utility for the total norm; a tuple")
def total_norm(losses, trunk_params):
    return tuple(
        torch.nn.utils.get_total_norm(torch.autograd.grad(loss, trunk_params, retain_graph=True)) for loss in losses
    )


@alternative("backward on everything, with every .grad of the graph's leaves saved and put back")
def every_leaf_restored(losses, trunk_params):
    leaves, waiting = {}, [loss.grad_fn for loss in losses]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        if hasattr(node, "variable"):
            leaves[id(node.variable)] = node.variable
        waiting += [following for following, _ in node.next_functions]
    saved = [(leaf, leaf.grad) for leaf in leaves.values()]
    norms = []
    for loss in losses:
        for leaf, _ in saved:
            leaf.grad = None
        loss.backward(retain_graph=True)
        norms.append(math.hypot(*(float(entry) for param in trunk_params for entry in param.grad.flatten())))
    for leaf, grad in saved:
        leaf.grad = grad
    return norms
