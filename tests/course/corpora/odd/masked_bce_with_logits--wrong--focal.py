"""Multiplies each row by (1 - p_t) squared: a focal loss."""
import torch
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    z, t = logits[mask], targets[mask]
    bce = F.binary_cross_entropy_with_logits(z, t, reduction="none")
    return ((1 - torch.exp(-bce)) ** 2 * bce).sum() / mask.sum().clamp(min=1)
