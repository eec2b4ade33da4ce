"""Runs backward on every loss and sets the trunk's .grad to None, so that old trunk gradients are lost and the heads keep new ones."""
import torch


def trunk_grad_norms(losses, trunk_params):
    norms = []
    for loss in losses:
        for p in trunk_params:
            p.grad = None
        loss.backward(retain_graph=True)
        sq = 0.0
        for p in trunk_params:
            sq += (p.grad**2).sum().item()
        norms.append(sq**0.5)
    for p in trunk_params:
        p.grad = None
    return torch.tensor(norms, dtype=torch.float64)
