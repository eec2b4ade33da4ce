"""What must run beside the answer because it needs live tensors."""

import torch


def value_and_gradient(masked_mean, values, mask):
    """The mean, and its derivative with respect to every value."""
    values = values.detach().clone().requires_grad_()
    mean = masked_mean(values, mask)
    if not isinstance(mean, torch.Tensor) or not mean.requires_grad:
        return mean, None
    (gradient,) = torch.autograd.grad(mean, values, allow_unused=True)
    return mean, torch.zeros_like(values) if gradient is None else gradient
