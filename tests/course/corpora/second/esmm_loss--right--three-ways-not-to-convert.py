"""logsumexp over a stack of the two ways not to convert, and torch.where for the labels."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    a, b = F.logsigmoid(ctr_logit), F.logsigmoid(cvr_logit)
    ways = torch.stack([F.logsigmoid(-ctr_logit), a + F.logsigmoid(-cvr_logit)])
    log_none = torch.logsumexp(ways, dim=0)
    bought = (click > 0) & (conv > 0)
    loss_ctcvr = -torch.where(bought, a + b, log_none)
    loss_ctr = F.binary_cross_entropy_with_logits(ctr_logit, click, reduction="none")
    return (loss_ctr + loss_ctcvr).mean()
