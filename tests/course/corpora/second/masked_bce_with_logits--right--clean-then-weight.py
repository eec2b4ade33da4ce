"""Cleans the targets first, then the library's loss with the mask as weight and its own divisor."""
import torch
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    safe = torch.where(mask, targets, torch.zeros_like(targets))
    w = mask.to(logits.dtype)
    total = F.binary_cross_entropy_with_logits(logits, safe, weight=w, reduction="sum")
    return total / w.sum().clamp(min=1.0)
