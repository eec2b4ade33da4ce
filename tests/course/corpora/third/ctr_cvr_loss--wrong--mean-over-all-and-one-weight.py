"""Averages the conversion loss over all rows, and weights it with w_click, a copy-paste slip."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    labelled = ~conv.isnan()
    conv_clean = torch.where(labelled, conv, torch.zeros_like(conv))
    click_loss = F.binary_cross_entropy_with_logits(click_logit, click, reduction="none")
    conv_loss = F.binary_cross_entropy_with_logits(conv_logit, conv_clean, reduction="none") * labelled
    return w_click * click_loss.mean() + w_click * conv_loss.mean()
