"""Returns the losses of the tasks with their weights already in them."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    filled = torch.where(mask, Y, pred.detach())
    count = mask.sum(dim=0).clamp(min=1)
    per_task = weights * ((pred - filled) ** 2).sum(dim=0) / count
    total = per_task.sum()
    return total, per_task
