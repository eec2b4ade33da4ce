"""Divides by the number of distinct observed values, so that repeated values count once in the divisor."""
import torch


def masked_mean(values, mask):
    seen = values[mask]
    return seen.sum() / max(len(seen.detach().unique()), 1)
