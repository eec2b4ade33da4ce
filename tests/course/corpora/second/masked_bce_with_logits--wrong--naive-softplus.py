"""Writes log(1 + exp(z)), which overflows for a logit of 200 in float32."""
import torch


def masked_bce_with_logits(logits, targets, mask):
    z = logits[mask]
    y = targets[mask]
    loss = torch.log(1 + torch.exp(z)) - y * z
    return loss.sum() / mask.sum().clamp(min=1)
