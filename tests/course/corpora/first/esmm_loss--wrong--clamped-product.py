"""Clamps the product of the probabilities to [1e-7, 1 - 1e-7], so large logits lose their gradient."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    ctr_loss = F.binary_cross_entropy_with_logits(ctr_logit, click)
    p = torch.sigmoid(ctr_logit) * torch.sigmoid(cvr_logit)
    p = p.clamp(1e-7, 1 - 1e-7)
    ctcvr_loss = F.binary_cross_entropy(p, click * conv)
    return ctr_loss + ctcvr_loss
