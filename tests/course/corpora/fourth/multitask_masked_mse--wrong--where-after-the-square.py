"""Hides the gaps with where only after the difference, so that the gradient there is 0 times NaN."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    sq = (pred - Y) ** 2
    sq = torch.where(mask, sq, torch.zeros_like(sq))
    per_task = sq.sum(dim=0) / mask.sum(dim=0).clamp(min=1)
    return (weights * per_task).sum(), per_task
