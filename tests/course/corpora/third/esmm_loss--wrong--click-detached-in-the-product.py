"""Detaches the click probability in the product, so that the value is right but the click logit lacks part of its gradient."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    both = click * conv
    first = F.binary_cross_entropy_with_logits(ctr_logit, click)
    a = ctr_logit.detach()
    yes = F.logsigmoid(a) + F.logsigmoid(cvr_logit)
    no = torch.logaddexp(F.logsigmoid(-a), F.logsigmoid(a) + F.logsigmoid(-cvr_logit))
    second = -torch.where(both > 0, yes, no).mean()
    return first + second
