"""Uses the mask as weight with the mean over all rows: too small, and NaN targets still come through."""
import torch.nn.functional as F


def masked_bce_with_logits(logits, targets, mask):
    return F.binary_cross_entropy_with_logits(logits, targets, weight=mask.to(logits.dtype))
