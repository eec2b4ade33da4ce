"""Writes zeros into the unobserved entries of the caller's targets."""
import torch
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    targets[~mask] = 0.0
    loss = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    loss = torch.where(mask, loss, torch.zeros_like(loss))
    return loss.sum() / mask.sum().clamp(min=1)
