"""The formula by hand with logsigmoid."""
import torch
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    x, y = logits[mask], targets[mask]
    nll = -(y * F.logsigmoid(x) + (1 - y) * F.logsigmoid(-x))
    return nll.sum() / max(1, nll.shape[0])
