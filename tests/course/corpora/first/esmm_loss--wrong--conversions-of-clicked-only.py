"""Trains the conversion head on clicked rows by itself instead of the product over all impressions."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    ctr = F.binary_cross_entropy_with_logits(ctr_logit, click)
    m = click > 0
    cvr = F.binary_cross_entropy_with_logits(cvr_logit[m], conv[m]) if m.any() else 0 * cvr_logit.sum()
    return ctr + cvr
