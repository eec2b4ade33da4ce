"""Computes the loss of the NaN targets first and selects afterwards, so their logits get a NaN gradient."""
import torch
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    loss = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    loss = torch.where(mask, loss, torch.zeros_like(loss))
    return loss.sum() / mask.sum().clamp(min=1)
