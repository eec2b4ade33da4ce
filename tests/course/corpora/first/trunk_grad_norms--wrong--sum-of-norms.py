"""Adds the norms of the trunk tensors instead of taking the norm of all of them as one vector."""
import torch


def trunk_grad_norms(losses, trunk_params):
    res = []
    for loss in losses:
        grads = torch.autograd.grad(loss, trunk_params, retain_graph=True)
        res.append(sum(g.norm() for g in grads).item())
    return torch.tensor(res)
