"""What must run beside the answer because it needs live tensors."""

import math

import torch


def value_and_gradient(masked_mean, values, mask):
    """The mean, and its derivative with respect to every value."""
    values = values.detach().clone().requires_grad_()
    mean = masked_mean(values, mask)
    if not isinstance(mean, torch.Tensor) or not mean.requires_grad:
        return mean, None
    (gradient,) = torch.autograd.grad(mean, values, allow_unused=True)
    return mean, torch.zeros_like(values) if gradient is None else gradient


def shortfall(masked_mean, values, mask):
    """In which decimal place the mean of ones falls short of 1; 0 where it does not, but for rounding."""
    missing = 1.0 - float(masked_mean(values, mask))
    return round(-math.log10(missing)) if missing > 1e-9 else 0
