"""Divides by the number of all entries instead of the observed ones."""
import torch


def masked_mean(values, mask):
    kept = torch.where(mask, values, torch.zeros_like(values))
    return kept.mean()
