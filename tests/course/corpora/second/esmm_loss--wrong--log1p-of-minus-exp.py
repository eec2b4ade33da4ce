"""Takes log(1 - exp(log p)), which is minus infinity where the product rounds to 1."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    both = click * conv
    log_p = F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit)
    log_q = torch.log1p(-torch.exp(log_p))
    ctcvr = torch.where(both > 0, -log_p, -log_q).mean()
    return F.binary_cross_entropy_with_logits(ctr_logit, click) + ctcvr
