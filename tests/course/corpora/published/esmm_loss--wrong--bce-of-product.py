"""Binary cross-entropy of the product of the two outputs: cut off at 100 and without gradient at extreme logits."""
import torch
import torch.nn as nn

loss_fn = nn.BCELoss()


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    p_ctr = torch.sigmoid(ctr_logit)
    p_cvr = torch.sigmoid(cvr_logit)
    p_ctcvr = torch.mul(p_ctr, p_cvr)
    loss_1 = loss_fn(p_ctr, click)
    loss_2 = loss_fn(p_ctcvr, click * conv)
    return loss_1 + loss_2
