"""Weights of 1/n for the observed entries and a dot product with a cleaned copy."""
import torch


def masked_mean(values, mask):
    cleaned = values.masked_fill(~mask, 0.0)
    w = mask.to(values.dtype)
    w = w / max(w.sum().item(), 1.0)
    return torch.dot(w, cleaned)
