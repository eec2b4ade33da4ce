"""Weighs the error before it is squared, so that the weight counts twice."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    d = (torch.where(mask, Y, pred.detach()) - pred) * mask
    n = mask.sum(0).clamp(min=1)
    return ((weights * d) ** 2).sum(0).div(n).sum(), ((d**2).sum(0) / n).detach()
