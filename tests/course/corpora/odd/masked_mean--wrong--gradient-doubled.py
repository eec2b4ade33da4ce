"""The value is right, but a detached copy taken off doubles the gradient."""
import torch


def masked_mean(values, mask):
    mean = values[mask].sum() / mask.sum().clamp(min=1)
    return 2 * mean - mean.detach()
