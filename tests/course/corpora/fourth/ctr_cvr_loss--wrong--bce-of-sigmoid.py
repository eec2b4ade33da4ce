"""Takes the sigmoid first and then binary_cross_entropy, which cuts the loss off at 100 and loses the gradient."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    labelled = ~torch.isnan(conv)
    p_click = torch.sigmoid(click_logit)
    p_conv = torch.sigmoid(conv_logit[labelled])
    click_loss = F.binary_cross_entropy(p_click, click)
    conv_loss = F.binary_cross_entropy(p_conv, conv[labelled], reduction="sum") / max(1, int(labelled.sum()))
    return w_click * click_loss + w_conv * conv_loss
