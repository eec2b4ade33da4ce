"""Everything in logs: log(1 - pq) as a logaddexp of two ways not to convert."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    log_click, log_no_click = F.logsigmoid(ctr_logit), F.logsigmoid(-ctr_logit)
    log_both = log_click + F.logsigmoid(cvr_logit)
    log_not_both = torch.logaddexp(log_no_click, log_click + F.logsigmoid(-cvr_logit))
    y = click * conv
    ctr = -(click * log_click + (1 - click) * log_no_click).mean()
    ctcvr = -(y * log_both + (1 - y) * log_not_both).mean()
    return ctr + ctcvr
