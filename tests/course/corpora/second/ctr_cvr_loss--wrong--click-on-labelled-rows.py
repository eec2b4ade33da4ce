"""Averages the clicks too over the rows with a conversion label only."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    keep = ~conv.isnan()
    n = keep.sum().clamp(min=1)
    lc = F.binary_cross_entropy_with_logits(click_logit[keep], click[keep], reduction="sum") / n
    lv = F.binary_cross_entropy_with_logits(conv_logit[keep], conv[keep], reduction="sum") / n
    return w_click * lc + w_conv * lv
