"""Takes 1 - (1 - p)(1 - q), the chance of a click or a conversion, for the second term."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    # log of the chance of neither
    neither = F.logsigmoid(-ctr_logit) + F.logsigmoid(-cvr_logit)
    either = torch.log(-torch.expm1(neither))
    y = click * conv
    return F.binary_cross_entropy_with_logits(ctr_logit, click) - (y * either + (1 - y) * neither).mean()
