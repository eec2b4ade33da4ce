"""Clamps the product of the probabilities before the logarithm, so that value and gradient break at large logits."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    p_ctr = torch.sigmoid(ctr_logit)
    p_ctcvr = p_ctr * torch.sigmoid(cvr_logit)
    p_ctcvr = p_ctcvr.clamp(1e-7, 1 - 1e-7)
    loss_ctr = F.binary_cross_entropy_with_logits(ctr_logit, click)
    loss_ctcvr = F.binary_cross_entropy(p_ctcvr, click * conv)
    return loss_ctr + loss_ctcvr
