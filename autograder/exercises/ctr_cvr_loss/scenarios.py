"""What must run beside the answer because it needs live tensors."""

import torch


def value_and_gradients(ctr_cvr_loss, click_logit, conv_logit, click, conv, w_click, w_conv):
    """The loss, and its derivatives with respect to both vectors of logits."""
    logits = [one.detach().clone().requires_grad_() for one in (click_logit, conv_logit)]
    loss = ctr_cvr_loss(*logits, click, conv, w_click, w_conv)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        return loss, None, None
    gradients = torch.autograd.grad(loss, logits, allow_unused=True)
    return loss, *(torch.zeros_like(z) if g is None else g for z, g in zip(logits, gradients))
