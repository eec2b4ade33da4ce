"""torch.where, then the sum over at least one."""
import torch


def masked_mean(values, mask):
    clean = torch.where(mask, values, torch.zeros_like(values))
    return clean.sum() / mask.sum().clamp(min=1)
