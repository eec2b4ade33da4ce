"""The logit of the product, by logsumexp, and then the ordinary cross-entropy with logits."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    a, b = ctr_logit, cvr_logit
    logit = -torch.logsumexp(torch.stack([-a, -b, -a - b]), dim=0)
    bought = torch.minimum(click, conv)
    return F.binary_cross_entropy_with_logits(a, click) + F.binary_cross_entropy_with_logits(logit, bought)
