"""Divides the total by the sum of the weights."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    target = torch.where(mask, Y, pred.detach())
    se = (pred - target) ** 2
    count = mask.sum(dim=0)
    per_task = se.sum(dim=0) / torch.clamp(count, min=1)
    total = (weights * per_task).sum() / weights.sum()
    return total, per_task
