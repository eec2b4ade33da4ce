"""log(1 + exp(-margin)) with logaddexp on the selected rows, the margin signed by the label."""
import torch


def masked_bce_with_logits(logits, targets, mask):
    rows = torch.nonzero(mask, as_tuple=True)[0]
    z, t = logits[rows], targets[rows]
    margin = (2 * t - 1) * z
    losses = torch.logaddexp(torch.zeros_like(margin), -margin)
    return losses.sum() / max(rows.numel(), 1)
