"""What must run beside the answer because it needs live tensors."""

import torch


def value_and_gradient(masked_bce_with_logits, logits, targets, mask):
    """The loss, and its derivative with respect to every logit."""
    logits = logits.detach().clone().requires_grad_()
    loss = masked_bce_with_logits(logits, targets, mask)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        return loss, None
    (gradient,) = torch.autograd.grad(loss, logits, allow_unused=True)
    return loss, torch.zeros_like(logits) if gradient is None else gradient
