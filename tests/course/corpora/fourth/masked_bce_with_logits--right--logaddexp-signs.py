"""Right: picks the observed rows and uses log(1 + exp(-margin)) through logaddexp."""
import torch


def masked_bce_with_logits(logits, targets, mask):
    x, t = logits[mask], targets[mask]
    margin = torch.where(t == 1, x, -x)
    losses = torch.logaddexp(torch.zeros_like(margin), -margin)
    return losses.sum() / max(len(losses), 1)
