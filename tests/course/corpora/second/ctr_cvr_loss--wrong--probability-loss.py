"""Goes through probabilities, whose cross-entropy is cut off at 100, so a logit of 200 has the wrong loss."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    mask = ~torch.isnan(conv)
    loss = w_click * F.binary_cross_entropy(torch.sigmoid(click_logit), click)
    if mask.any():
        loss = loss + w_conv * F.binary_cross_entropy(torch.sigmoid(conv_logit[mask]), conv[mask])
    else:
        loss = loss + 0.0 * conv_logit.sum()
    return loss
