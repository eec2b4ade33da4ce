"""A copied line: the conversion loss uses the click logit."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    obs = torch.logical_not(torch.isnan(conv))
    n_obs = obs.sum()
    click_loss = F.binary_cross_entropy_with_logits(click_logit, click, reduction="mean")
    conv_loss = F.binary_cross_entropy_with_logits(click_logit[obs], conv[obs], reduction="sum")
    conv_loss = conv_loss / n_obs.clamp(min=1)
    return w_click * click_loss + w_conv * conv_loss
