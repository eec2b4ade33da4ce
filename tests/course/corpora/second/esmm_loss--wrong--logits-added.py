"""Adds the logits as if that multiplied the probabilities, and takes the sum instead of the mean of the second part."""
import torch
import torch.nn.functional as F


def esmm_loss(ctr_logit, cvr_logit, click, conv):
    first = F.binary_cross_entropy_with_logits(ctr_logit, click)
    second = F.binary_cross_entropy_with_logits(ctr_logit + cvr_logit, click * conv, reduction="sum")
    return first + second
