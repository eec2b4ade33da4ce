"""Fills the gaps with the detached predictions, so that their errors are exactly zero."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    filled = torch.where(mask, Y, pred.detach())
    n = mask.sum(dim=0)
    per_task = torch.square(pred - filled).sum(dim=0) / torch.clamp(n, min=1)
    return weights @ per_task, per_task
