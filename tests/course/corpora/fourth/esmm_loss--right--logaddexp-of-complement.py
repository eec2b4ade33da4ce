"""Right: log(1 - pq) as the log of (1 - p) + p(1 - q), all in logarithms."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    ls = F.logsigmoid
    both = click * conv
    log_pq = ls(ctr_logit) + ls(cvr_logit)
    log_not = torch.logaddexp(ls(-ctr_logit), ls(ctr_logit) + ls(-cvr_logit))
    l_click = -(click * ls(ctr_logit) + (1 - click) * ls(-ctr_logit))
    l_both = -(both * log_pq + (1 - both) * log_not)
    return l_click.mean() + l_both.mean()
