"""Adds up the norms of the single tensors (5 + 12 = 17) instead of taking the norm of the whole vector."""
import torch


def trunk_grad_norms(losses, trunk_params):
    norms = []
    for loss in losses:
        grads = torch.autograd.grad(loss, trunk_params, retain_graph=True)
        norms.append(sum(g.norm() for g in grads))
    return torch.stack(norms)
