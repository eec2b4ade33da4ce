"""Divides the summed conversion loss by the number of clicks instead of the number of conversion labels."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    l1 = F.binary_cross_entropy_with_logits(click_logit, click)
    has = ~torch.isnan(conv)
    l2 = F.binary_cross_entropy_with_logits(conv_logit[has], conv[has], reduction="sum")
    l2 = l2 / click.sum().clamp(min=1)
    return w_click * l1 + w_conv * l2
