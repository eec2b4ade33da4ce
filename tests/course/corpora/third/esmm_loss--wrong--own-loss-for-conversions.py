"""Adds a third term, the cross-entropy of the conversions over the clicked rows."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    both = click * conv
    ctr = F.binary_cross_entropy_with_logits(ctr_logit, click)
    log_p = F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit)
    # 1 - pq = (1 - p) + p (1 - q)
    log_not = torch.logaddexp(F.logsigmoid(-ctr_logit), F.logsigmoid(ctr_logit) + F.logsigmoid(-cvr_logit))
    ctcvr = -(both * log_p + (1 - both) * log_not).mean()
    cvr = F.binary_cross_entropy_with_logits(cvr_logit, both, weight=click, reduction="sum") / click.sum().clamp(min=1)
    return ctr + ctcvr + cvr
