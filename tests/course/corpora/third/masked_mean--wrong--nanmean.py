"""Fills the unobserved entries with NaN and takes nanmean, which is NaN when nothing is observed."""
import torch


def masked_mean(values, mask):
    filled = values.masked_fill(~mask, float("nan"))
    return torch.nanmean(filled)
