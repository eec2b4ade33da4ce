"""Right answers that look nothing alike."""

import torch
import torch.nn.functional as F

from autograder.testing import alternative


@alternative("one line")
def one_line(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses + 0.5 * log_var).sum()


@alternative("a loop over tasks")
def loop(losses, log_var):
    total = 0.0
    for loss, s in zip(losses, log_var):
        total = total + loss / (2 * s.exp()) + s / 2
    return total


@alternative("a dot product of precisions and losses")
def dot_product(losses, log_var):
    precision = torch.exp(torch.neg(log_var))
    return 0.5 * (precision @ losses + torch.sum(log_var))


@alternative("through the standard deviation")
def standard_deviation(losses, log_var):
    sigma = torch.exp(log_var / 2)
    return torch.sum(losses / (2 * sigma**2)) + torch.sum(torch.log(sigma))


@alternative("the negative log-likelihood of residuals whose squares are the losses")
def gaussian(losses, log_var):
    return F.gaussian_nll_loss(torch.zeros_like(losses), losses.sqrt(), log_var.exp(), reduction="sum", eps=1e-37)
