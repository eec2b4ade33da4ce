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


@alternative("half of a sum over two rows")
def two_rows(losses, log_var):
    return torch.stack([losses * (-log_var).exp(), log_var]).sum() / 2


@alternative("losses in the exponent: exp(log L - s)")
def in_the_exponent(losses, log_var):
    return 0.5 * torch.logsumexp(torch.log(losses) - log_var, dim=0).exp() + 0.5 * log_var.sum()


@alternative("einsum and a division by the variance, in double precision")
def double_precision(losses, log_var):
    precise = torch.stack((losses.double(), log_var.double()))
    return torch.einsum("t,t->", precise[0], 0.5 / precise[1].exp()) + precise[1].div(2).sum()
