"""Returns the root mean squared error of each task and weighs these."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    d = (torch.where(mask, Y, pred.detach()) - pred) * mask
    per_task = ((d**2).sum(0) / mask.sum(0).clamp(min=1) + 1e-12).sqrt()
    return (weights * per_task).sum(), per_task.detach()
