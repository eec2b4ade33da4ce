"""Divides the sum over the observed rows by the number of all rows."""
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    t = targets.masked_fill(~mask, 0.0)
    bce = F.binary_cross_entropy_with_logits(logits, t, reduction="none")
    return bce.masked_fill(~mask, 0.0).mean()
