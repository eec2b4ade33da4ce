"""Two mistakes: absolute instead of squared errors, and one divisor for all tasks."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    err = torch.where(mask, torch.where(mask, Y, pred.detach()) - pred, torch.zeros_like(pred)).abs()
    per_task = err.sum(0) / mask.sum().clamp(min=1)
    return (weights * per_task).sum(), per_task.detach()
