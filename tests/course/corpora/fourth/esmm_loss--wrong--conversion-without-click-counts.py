"""Uses conv itself as the label of the product, so that a sale without a click counts as 1."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    log_p, log_q = F.logsigmoid(ctr_logit), F.logsigmoid(cvr_logit)
    log_1mp, log_1mq = F.logsigmoid(-ctr_logit), F.logsigmoid(-cvr_logit)
    log_neg = torch.logaddexp(log_1mp, log_p + log_1mq)
    ctr = F.binary_cross_entropy_with_logits(ctr_logit, click)
    ctcvr = -(conv * (log_p + log_q) + (1 - conv) * log_neg).mean()
    return ctr + ctcvr
