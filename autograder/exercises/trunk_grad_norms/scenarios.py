"""Losses that share trunk tensors, the norms of the answer, and what is left of the graph and of ``.grad``."""

import torch


def of_linear_losses(trunk_grad_norms, trunk, slopes):
    """Each loss is a sum of the trunk's entries times the task's slopes, so these slopes are its gradient."""
    params, losses = _linear(trunk, slopes)
    return trunk_grad_norms(losses, params)


def of_a_network(trunk_grad_norms, weight, bias, heads, X, Y):
    """A trunk of one tanh layer, one linear head a task, mean squared errors."""
    params, _, losses = _network(weight, bias, heads, X, Y)
    return trunk_grad_norms(losses, params)


def gradients_left(trunk_grad_norms, weight, bias, heads, X, Y, before):
    """Every ``.grad`` of trunk and heads after the call; before it they hold ``before``, or None."""
    params, heads, losses = _network(weight, bias, heads, X, Y)
    if before is not None:
        for leaf in (*params, *heads):
            leaf.grad = torch.full_like(leaf, before)
    trunk_grad_norms(losses, params)
    return [leaf.grad for leaf in (*params, *heads)]


def training_step_after(trunk_grad_norms, weight, bias, heads, X, Y):
    """After the call: the gradients of the summed loss in the trunk and the heads, by an ordinary backward()."""
    params, heads, losses = _network(weight, bias, heads, X, Y)
    trunk_grad_norms(losses, params)
    for leaf in (*params, *heads):
        leaf.grad = None
    sum(losses).backward()
    return [leaf.grad for leaf in (*params, *heads)]


def lists_left(trunk_grad_norms, trunk, slopes):
    """The trunk's values, and how many losses and tensors the lists hold, after the call."""
    params, losses = _linear(trunk, slopes)
    trunk_grad_norms(losses, params)
    return [param.detach() for param in params], len(losses), len(params), [loss.detach() for loss in losses]


def everything(trunk_grad_norms, weight, bias, heads, X, Y):
    """The norms, every ``.grad``, and whether a training step still works: tells behaviours apart."""
    params, leaves, losses = _network(weight, bias, heads, X, Y)
    norms = trunk_grad_norms(losses, params)
    left = [torch.zeros(()) if leaf.grad is None else leaf.grad.clone() for leaf in (*params, *leaves)]
    try:
        sum(losses).backward()
    except RuntimeError:
        return norms, left, False
    return norms, left, True


def _linear(trunk, slopes):
    params = [part.clone().requires_grad_() for part in trunk]
    losses = [sum((param * slope).sum() for param, slope in zip(params, own)) for own in slopes]
    return params, losses


def _network(weight, bias, heads, X, Y):
    params = [weight.clone().requires_grad_(), bias.clone().requires_grad_()]
    heads = [head.clone().requires_grad_() for head in heads]
    hidden = torch.tanh(X @ params[0] + params[1])
    return params, heads, [((hidden @ head - Y[:, task]) ** 2).mean() for task, head in enumerate(heads)]
