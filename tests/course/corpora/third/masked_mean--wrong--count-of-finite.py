"""Divides by the number of finite values instead of the number of observed ones."""
import torch


def masked_mean(values, mask):
    kept = torch.where(mask, values, torch.zeros_like(values))
    n = torch.isfinite(values).sum().clamp(min=1)
    return kept.sum() / n
