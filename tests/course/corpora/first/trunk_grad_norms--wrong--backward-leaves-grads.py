"""Calls backward() and reads .grad, so gradients stay behind and add up from task to task."""
import torch


def trunk_grad_norms(losses, trunk_params):
    norms = []
    for loss in losses:
        loss.backward(retain_graph=True)
        sq = 0.0
        for p in trunk_params:
            sq += (p.grad ** 2).sum()
        norms.append(torch.sqrt(sq))
    return torch.stack(norms)
