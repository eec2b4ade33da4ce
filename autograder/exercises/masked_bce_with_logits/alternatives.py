"""Right answers that look nothing alike."""

import torch
import torch.nn.functional as F

from autograder.testing import alternative


@alternative("boolean index, sum over a clamped count")
def boolean_index(logits, targets, mask):
    kept = F.binary_cross_entropy_with_logits(logits[mask], targets[mask], reduction="sum")
    return kept / mask.sum().clamp(min=1)


@alternative("weight= with reduction sum, over the count")
def weight_argument(logits, targets, mask):
    weight = mask.to(logits.dtype)
    filled = torch.where(mask, targets, torch.zeros_like(targets))
    total = F.binary_cross_entropy_with_logits(logits, filled, weight=weight, reduction="sum")
    return total / max(float(weight.sum()), 1.0)


@alternative("softplus written out")
def softplus(logits, targets, mask):
    y = targets.masked_fill(~mask, 0.0)
    return ((F.softplus(logits) - y * logits) * mask).sum() / mask.sum().clamp(min=1)


@alternative("a special case for nothing observed, else the library's own mean")
def early_return(logits, targets, mask):
    if not bool(mask.any()):
        return (logits * 0.0).sum()
    return torch.nn.BCEWithLogitsLoss()(torch.masked_select(logits, mask), torch.masked_select(targets, mask))


@alternative("a loop over the rows in float64")
def loop(logits, targets, mask):
    total, count = logits.double().sum() * 0.0, 0
    for z, y, observed in zip(logits.double(), targets.tolist(), mask.tolist()):
        if observed:
            total = total - (F.logsigmoid(z) if y == 1 else F.logsigmoid(-z))
            count += 1
    return total / max(count, 1)
