"""Counts a conversion label only in clicked rows, although it counts whenever it is not NaN."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    loss_click = F.binary_cross_entropy_with_logits(click_logit, click)
    rows = (click == 1) & ~torch.isnan(conv)
    loss_conv = F.binary_cross_entropy_with_logits(conv_logit[rows], conv[rows], reduction="sum")
    loss_conv = loss_conv / rows.sum().clamp(min=1)
    return w_click * loss_click + w_conv * loss_conv
