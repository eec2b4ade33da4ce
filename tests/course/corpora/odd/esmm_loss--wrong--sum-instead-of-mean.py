"""Adds the cross-entropies up over the impressions and treats conv without click as a conversion."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    z = -torch.logsumexp(torch.stack([-ctr_logit, -cvr_logit, -ctr_logit - cvr_logit]), dim=0)
    return F.binary_cross_entropy_with_logits(ctr_logit, click, reduction="sum") + F.binary_cross_entropy_with_logits(
        z, conv, reduction="sum"
    )
