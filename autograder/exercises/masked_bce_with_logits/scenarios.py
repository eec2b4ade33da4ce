"""What must run beside the answer because it needs live tensors."""

import math

import torch


def value_and_gradient(masked_bce_with_logits, logits, targets, mask):
    """The loss, and its derivative with respect to every logit."""
    logits = logits.detach().clone().requires_grad_()
    loss = masked_bce_with_logits(logits, targets, mask)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        return loss, None
    (gradient,) = torch.autograd.grad(loss, logits, allow_unused=True)
    return loss, torch.zeros_like(logits) if gradient is None else gradient


def shortfall(masked_bce_with_logits, logits, targets, mask):
    """In which decimal place the loss at logits of 0 falls short of log 2; 0 where it does not, but for rounding."""
    missing = 1.0 - float(masked_bce_with_logits(logits, targets, mask)) / math.log(2)
    return round(-math.log10(missing)) if missing > 1e-9 else 0
