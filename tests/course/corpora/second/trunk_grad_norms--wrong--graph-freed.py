"""Lets autograd free the graph, so a second loss on the same graph or a later backward() raises an error."""
import torch


def trunk_grad_norms(losses, trunk_params):
    norms = torch.zeros(len(losses))
    for i, loss in enumerate(losses):
        grads = torch.autograd.grad(loss, trunk_params)
        norms[i] = torch.sqrt(sum((g ** 2).sum() for g in grads))
    return norms
