"""Applies the sigmoid and hands the probability to a loss that expects logits; an empty mask gives NaN."""
import torch
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    probs = torch.sigmoid(logits)
    return F.binary_cross_entropy_with_logits(probs[mask], targets[mask])
