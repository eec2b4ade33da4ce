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


@alternative("the loss module without reduction, masked_fill on both sides of it")
def module_without_reduction(logits, targets, mask):
    rows = torch.nn.BCEWithLogitsLoss(reduction="none")(logits, targets.masked_fill(~mask, 0))
    return rows.masked_fill(~mask, 0).sum() / mask.float().sum().clamp(min=1e-8)


@alternative("nansum after a masked_fill with NaN of a loss that never saw a missing target")
def nansum(logits, targets, mask):
    rows = F.binary_cross_entropy_with_logits(logits, torch.where(mask, targets, 0.5), reduction="none")
    return torch.nansum(rows.masked_fill(~mask, float("nan"))) / max(1, torch.count_nonzero(mask).item())


@alternative("the textbook form with torch.maximum, which halves the slope at its kink")
def textbook_form(logits, targets, mask):
    z, y = logits[mask], targets[mask]
    positive = torch.maximum(z, torch.zeros_like(z))
    rows = positive - z * y + torch.log1p(torch.exp(-z.abs()))
    return rows.sum() / max(len(z), 1)


@alternative("logaddexp with 0, signs by the label")
def signed_logits(logits, targets, mask):
    margin = logits[mask] * (1 - 2 * targets[mask])
    return torch.logaddexp(margin, torch.zeros_like(margin)).sum() / max(margin.numel(), 1)


@alternative("two classes and the library's cross-entropy over them")
def two_classes(logits, targets, mask):
    z = logits[mask]
    if z.numel() == 0:
        return z.sum()
    return F.cross_entropy(torch.stack([torch.zeros_like(z), z], dim=1), targets[mask].long())
