"""What must run beside the answer because it needs live tensors."""

import math

import torch


def value_and_gradients(ctr_cvr_loss, click_logit, conv_logit, click, conv, w_click, w_conv):
    """The loss, and its derivatives with respect to both vectors of logits."""
    logits = [one.detach().clone().requires_grad_() for one in (click_logit, conv_logit)]
    loss = ctr_cvr_loss(*logits, click, conv, w_click, w_conv)
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        return loss, None, None
    gradients = torch.autograd.grad(loss, logits, allow_unused=True)
    return loss, *(torch.zeros_like(z) if g is None else g for z, g in zip(logits, gradients))


def shortfall(ctr_cvr_loss, click_logit, conv_logit, click, conv, w_click, w_conv):
    """In which decimal place the loss at conversion logits of 0 falls short of log 2; 0 where it does not."""
    missing = 1.0 - float(ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv)) / math.log(2)
    return round(-math.log10(missing)) if missing > 1e-9 else 0
