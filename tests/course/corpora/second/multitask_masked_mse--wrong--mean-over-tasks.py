"""Averages the weighted losses over the tasks instead of adding them."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    sq = torch.where(mask, pred - torch.where(mask, Y, pred), torch.zeros_like(pred)) ** 2
    per_task = sq.sum(0) / mask.sum(0).clamp(min=1)
    return (weights * per_task).mean(), per_task
