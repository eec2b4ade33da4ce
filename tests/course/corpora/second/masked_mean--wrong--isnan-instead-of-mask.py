"""Looks for NaN instead of reading the mask, so unobserved numbers are counted."""
import torch


def masked_mean(values, mask):
    ok = ~torch.isnan(values)
    x = values[ok]
    if x.numel() == 0:
        return x.sum()
    return x.mean()
