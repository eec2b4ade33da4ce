"""Averages the conversions over the clicked rows instead of the rows whose label is not NaN."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    l_click = F.binary_cross_entropy_with_logits(click_logit, click)
    clicked = (click == 1) & ~torch.isnan(conv)
    if clicked.any():
        l_conv = F.binary_cross_entropy_with_logits(conv_logit[clicked], conv[clicked])
    else:
        l_conv = conv_logit.sum() * 0.0
    return w_click * l_click + w_conv * l_conv
