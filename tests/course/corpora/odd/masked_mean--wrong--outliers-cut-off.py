"""Clips every value to -1e3..1e3 against outliers before the mean."""
import torch


def masked_mean(values, mask):
    return values[mask].clamp(-1e3, 1e3).sum() / mask.sum().clamp(min=1)
