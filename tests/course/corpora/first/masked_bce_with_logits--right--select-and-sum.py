"""Selects first, then the library's loss as a sum over at least one."""
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    z, t = logits[mask], targets[mask]
    s = F.binary_cross_entropy_with_logits(z, t, reduction="sum")
    return s / max(z.numel(), 1)
