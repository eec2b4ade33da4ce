"""Right: log1p(-pq) where pq is below a half and a sum of logarithms where it is above, with safe inputs for each branch."""
import math

import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    click_loss = F.binary_cross_entropy_with_logits(ctr_logit, click)

    bought = (click == 1) & (conv == 1)
    log_p = F.logsigmoid(ctr_logit)
    log_q = F.logsigmoid(cvr_logit)
    log_both = log_p + log_q

    small = log_both < -math.log(2)
    # branch for a small product
    safe = torch.where(small, log_both, torch.full_like(log_both, -1.0))
    log_rest_small = torch.log1p(-torch.exp(safe))
    # branch for a product near 1: 1 - pq = (1 - p) + p (1 - q)
    pieces = torch.stack([F.logsigmoid(-ctr_logit), log_p + F.logsigmoid(-cvr_logit)])
    log_rest_big = torch.logsumexp(pieces, dim=0)
    log_rest = torch.where(small, log_rest_small, log_rest_big)

    purchase_loss = -torch.where(bought, log_both, log_rest).mean()
    return click_loss + purchase_loss
