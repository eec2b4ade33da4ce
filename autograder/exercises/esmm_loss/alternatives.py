"""Right answers that look nothing alike."""

import torch
import torch.nn.functional as F

from autograder.testing import alternative


@alternative("the logit of the product by logsumexp, then cross-entropy from logits")
def logit_of_the_product(ctr_logit, cvr_logit, click, conv):
    both_logit = -torch.logsumexp(torch.stack([-ctr_logit, -cvr_logit, -ctr_logit - cvr_logit]), dim=0)
    first = F.binary_cross_entropy_with_logits(ctr_logit, click)
    return first + F.binary_cross_entropy_with_logits(both_logit, click * conv)


@alternative("log-sigmoids, and log(1 - p) by expm1")
def with_expm1(ctr_logit, cvr_logit, click, conv):
    log_p = F.logsigmoid(ctr_logit) + F.logsigmoid(cvr_logit)
    log_q = torch.log(-torch.expm1(log_p))
    both = click * conv
    first = -(click * F.logsigmoid(ctr_logit) + (1 - click) * F.logsigmoid(-ctr_logit))
    return (first - both * log_p - (1 - both) * log_q).mean()


@alternative("no click, or a click and no sale, added with logaddexp")
def two_ways_to_fail(ctr_logit, cvr_logit, click, conv):
    log_click, log_no_click = F.logsigmoid(ctr_logit), F.logsigmoid(-ctr_logit)
    fails = torch.logaddexp(log_no_click, log_click + F.logsigmoid(-cvr_logit))
    bought = (click > 0.5) & (conv > 0.5)
    second = torch.where(bought, log_click + F.logsigmoid(cvr_logit), fails)
    first = torch.where(click > 0.5, log_click, log_no_click)
    return -(first.mean() + second.mean())


@alternative("the factored likelihood of three outcomes, one row at a time")
def loop(ctr_logit, cvr_logit, click, conv):
    total = torch.zeros((), dtype=torch.float64)
    for a, b, c, y in zip(ctr_logit.double(), cvr_logit.double(), click, conv):
        total = total + F.softplus(-a if c == 1 else a)
        if c == 1 and y == 1:
            total = total + F.softplus(-a) + F.softplus(-b)
        else:  # 1 - p = (1 + e^-a + e^-b + e^-(a+b) - 1) * p
            total = total + F.softplus(-a) + F.softplus(-b) - torch.logsumexp(torch.stack([-a, -b, -a - b]), 0)
    return total / len(click)


@alternative("cross-entropy over two classes made from log-probabilities")
def two_classes(ctr_logit, cvr_logit, click, conv):
    zero = torch.zeros_like(ctr_logit)
    click_log = F.log_softmax(torch.stack([zero, ctr_logit], dim=1), dim=1)
    sale_log = F.log_softmax(torch.stack([zero, cvr_logit], dim=1), dim=1)
    yes = click_log[:, 1] + sale_log[:, 1]
    no = torch.logsumexp(torch.stack([click_log[:, 0], click_log[:, 1] + sale_log[:, 0]]), dim=0)
    second = F.nll_loss(torch.stack([no, yes], dim=1), (click * conv).long())
    return F.nll_loss(click_log, click.long()) + second


@alternative("the textbook form with torch.maximum, which halves the slope at its kink")
def textbook_form(ctr_logit, cvr_logit, click, conv):
    def cross_entropy(z, label):
        return torch.mean(torch.maximum(z, torch.zeros_like(z)) - z * label + torch.log1p(torch.exp(-z.abs())))

    top = torch.maximum(-ctr_logit, torch.maximum(-cvr_logit, -ctr_logit - cvr_logit))
    rest = torch.exp(-ctr_logit - top) + torch.exp(-cvr_logit - top) + torch.exp(-ctr_logit - cvr_logit - top)
    return cross_entropy(ctr_logit, click) + cross_entropy(-top - torch.log(rest), click * conv)


@alternative("the loss module for the click, softplus for the product")
def module_and_softplus(ctr_logit, cvr_logit, click, conv):
    first = torch.nn.BCEWithLogitsLoss(reduction="none")(ctr_logit, click)
    # softplus(-a) + softplus(-b) is -log p; log(1 - p) = log p + log(e^-a + e^-b + e^-(a + b)).
    minus_log_p = F.softplus(-ctr_logit) + F.softplus(-cvr_logit)
    odds = torch.logaddexp(torch.logaddexp(-ctr_logit, -cvr_logit), -ctr_logit - cvr_logit)
    bought = torch.logical_and(click.bool(), conv.bool()).to(odds.dtype)
    return torch.stack([first, minus_log_p - (1 - bought) * odds]).sum(0).mean()


@alternative("three classes, of which two are summed: no click, a click alone, a click and a sale")
def three_classes(ctr_logit, cvr_logit, click, conv):
    yes, no = F.logsigmoid(ctr_logit), F.logsigmoid(-ctr_logit)
    outcomes = torch.stack([no, yes + F.logsigmoid(-cvr_logit), yes + F.logsigmoid(cvr_logit)], dim=-1)
    not_bought = torch.logsumexp(outcomes[:, :2], dim=-1)
    both = click.mul(conv)
    click_loss = torch.lerp(no, yes, click)
    return -(click_loss + both * outcomes[:, 2] + (1 - both) * not_bought).mean()
