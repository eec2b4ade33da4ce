"""What must run beside the answer because it needs live tensors."""

import torch


def value_and_gradients(esmm_loss, ctr_logit, cvr_logit, click, conv):
    """The loss, its derivatives with respect to both logits, and the labels after the call."""
    logits = [logit.detach().clone().requires_grad_() for logit in (ctr_logit, cvr_logit)]
    loss = esmm_loss(*logits, click, conv)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        return loss, None, click, conv
    found = torch.autograd.grad(loss.sum(), logits, allow_unused=True)
    gradients = [torch.zeros_like(x) if g is None else g for x, g in zip(logits, found)]
    return loss, gradients, click, conv
