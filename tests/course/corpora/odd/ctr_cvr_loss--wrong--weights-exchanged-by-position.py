"""Gives the click weight to the conversion term and the other way round, and divides it by all rows."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    seen = ~conv.isnan()
    a = F.binary_cross_entropy_with_logits(click_logit, click)
    b = F.binary_cross_entropy_with_logits(conv_logit[seen], conv[seen], reduction="sum") / len(conv)
    return w_conv * a + w_click * b
