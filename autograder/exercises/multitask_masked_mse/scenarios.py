"""What must run beside the answer because it needs live tensors."""

import math

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


def shortfall(multitask_masked_mse, pred, Y, mask, weights):
    """In which decimal place a loss of 1 falls short of it; 0 where it does not, but for rounding."""
    missing = 1.0 - float(multitask_masked_mse(pred, Y, mask, weights)[0])
    return round(-math.log10(missing)) if missing > 1e-9 else 0


def part(multitask_masked_mse, pred, Y, mask, weights, place):
    """1 and one of the two things that come back; 0 and all of it where these are not two."""
    answer = multitask_masked_mse(pred, Y, mask, weights)
    is_pair = isinstance(answer, (tuple, list)) and len(answer) == 2
    return (1, answer[place]) if is_pair else (0, answer)
