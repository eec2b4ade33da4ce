"""A helper from logsigmoid and an if for a batch without conversion labels."""
import torch
import torch.nn.functional as F


def bce(z, y):
    return -torch.where(y > 0.5, F.logsigmoid(z), F.logsigmoid(-z)).mean()


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    total = w_click * bce(click_logit, click)
    ok = conv == conv
    if ok.sum() == 0:
        return total + 0 * conv_logit.sum()
    return total + w_conv * bce(conv_logit[ok], conv[ok])
