"""Passes the mask as a weight, so that the mean is over all N rows, and an infinite hidden target still becomes NaN."""
import torch
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    clean = torch.where(torch.isnan(targets), torch.zeros_like(targets), targets)
    return F.binary_cross_entropy_with_logits(logits, clean, weight=mask.to(logits.dtype))
