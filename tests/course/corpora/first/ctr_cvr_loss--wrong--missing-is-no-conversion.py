"""Counts a missing conversion label as 0 and averages over all rows."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    conv = torch.nan_to_num(conv, nan=0.0)
    a = F.binary_cross_entropy_with_logits(click_logit, click)
    b = F.binary_cross_entropy_with_logits(conv_logit, conv)
    return w_click * a + w_conv * b
