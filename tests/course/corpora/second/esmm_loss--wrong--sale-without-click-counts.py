"""Uses conv as it is, so a sale without a click counts as clicked and converted."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    lp = F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit)
    l1mp = torch.logaddexp(F.logsigmoid(-ctr_logit), F.logsigmoid(ctr_logit) + F.logsigmoid(-cvr_logit))
    second = -(conv * lp + (1 - conv) * l1mp).mean()
    return F.binary_cross_entropy_with_logits(ctr_logit, click) + second
