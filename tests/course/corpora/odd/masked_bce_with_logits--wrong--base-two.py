"""Takes the logarithm to base 2, so the loss is in bits."""
import math

import torch
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    total = F.binary_cross_entropy_with_logits(logits[mask], targets[mask], reduction="sum")
    return total / math.log(2) / mask.sum().clamp(min=1)
