"""Fills the missing conversions with 0 and gives them weight 0."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    known = (~torch.isnan(conv)).to(conv_logit.dtype)
    conv0 = torch.nan_to_num(conv, nan=0.0)
    per_row = F.binary_cross_entropy_with_logits(conv_logit, conv0, reduction="none")
    conv_part = (per_row * known).sum() / torch.clamp(known.sum(), min=1.0)
    click_part = F.binary_cross_entropy_with_logits(click_logit, click)
    return w_click * click_part + w_conv * conv_part
