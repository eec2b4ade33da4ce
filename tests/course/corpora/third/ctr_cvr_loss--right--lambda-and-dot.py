"""A lambda with logsigmoid for both heads, the conversions by a dot product with reciprocal counts."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    seen = conv == conv
    share = seen.to(conv_logit.dtype) / max(int(seen.sum()), 1)
    y = conv.clone()
    y[~seen] = 0.5
    bce = lambda z, t: torch.where(t > 0.5, -F.logsigmoid(z), -F.logsigmoid(-z))
    return w_click * bce(click_logit, click).mean() + w_conv * torch.dot(share, bce(conv_logit, y))
