"""What must run beside the answer because it needs live tensors."""

import torch


def values_and_gradient(multitask_masked_mse, pred, Y, mask, weights):
    """What comes back, and the derivative of the total with respect to every prediction."""
    pred = pred.detach().clone().requires_grad_()
    answer = multitask_masked_mse(pred, Y, mask, weights)
    total = answer[0] if isinstance(answer, (tuple, list)) and answer else None
    if not isinstance(total, torch.Tensor) or not total.requires_grad or total.numel() != 1:
        return answer, None
    (gradient,) = torch.autograd.grad(total, pred, allow_unused=True)
    return answer, torch.zeros_like(pred) if gradient is None else gradient
