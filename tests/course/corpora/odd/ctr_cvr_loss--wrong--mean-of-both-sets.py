"""Averages the click loss over the rows WITHOUT a conversion label only."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    seen = ~conv.isnan()
    a = F.binary_cross_entropy_with_logits(click_logit[~seen], click[~seen], reduction="sum") / max(int((~seen).sum()), 1)
    b = F.binary_cross_entropy_with_logits(conv_logit[seen], conv[seen], reduction="sum") / max(int(seen.sum()), 1)
    return w_click * a + w_conv * b
