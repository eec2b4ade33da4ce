"""Rows with a label selected by isnan, sum over at least one."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    labelled = ~torch.isnan(conv)
    ctr = F.binary_cross_entropy_with_logits(click_logit, click)
    cvr = F.binary_cross_entropy_with_logits(conv_logit[labelled], conv[labelled], reduction="sum")
    cvr = cvr / labelled.sum().clamp(min=1)
    return w_click * ctr + w_conv * cvr
