"""Right answers that look nothing alike."""

import torch
import torch.nn.functional as F

from autograder.testing import alternative


@alternative("boolean index, sum over a clamped count")
def boolean_index(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    click_loss = F.binary_cross_entropy_with_logits(click_logit, click)
    conv_sum = F.binary_cross_entropy_with_logits(conv_logit[observed], conv[observed], reduction="sum")
    return w_click * click_loss + w_conv * conv_sum / observed.sum().clamp(min=1)


@alternative("weight= with reduction sum, over the count")
def weight_argument(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = (~torch.isnan(conv)).to(conv_logit.dtype)
    conv_sum = F.binary_cross_entropy_with_logits(
        conv_logit, torch.nan_to_num(conv, nan=0.0), weight=observed, reduction="sum"
    )
    conv_loss = conv_sum / max(observed.sum().item(), 1.0)
    return F.binary_cross_entropy_with_logits(click_logit, click) * w_click + conv_loss * w_conv


@alternative("softplus written out, missing labels filled first")
def softplus(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = conv == conv
    label = torch.where(observed, conv, torch.zeros_like(conv))

    def bce(z, y):
        return F.softplus(z) - z * y

    conv_rows = bce(conv_logit, label) * observed
    return w_click * bce(click_logit, click).mean() + w_conv * conv_rows.sum() / observed.sum().clamp(min=1)


@alternative("logsigmoid in a loop over the rows, in float64")
def loop(click_logit, conv_logit, click, conv, w_click, w_conv):
    def row(z, y):
        z = z.double()
        return -(y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z))

    clicks = [row(z, y) for z, y in zip(click_logit, click)]
    convs = [row(z, y) for z, y in zip(conv_logit, conv) if not torch.isnan(y)]
    total = w_click * sum(clicks) / len(clicks)
    return total + w_conv * sum(convs) / len(convs) if convs else total


@alternative("both tasks as one vector of rows with their weights")
def one_vector(click_logit, conv_logit, click, conv, w_click, w_conv):
    kept = torch.nonzero(~conv.isnan()).squeeze(1)
    logits = torch.cat([click_logit, conv_logit.index_select(0, kept)])
    labels = torch.cat([click, conv.index_select(0, kept)])
    share = torch.cat(
        [
            torch.full_like(click, w_click / len(click)),
            torch.full_like(click, w_conv / max(len(kept), 1))[: len(kept)],
        ]
    )
    return torch.dot(share, F.binary_cross_entropy_with_logits(logits, labels, reduction="none"))


@alternative("the loss module without reduction, nansum of what is filled before and emptied after")
def module_without_reduction(click_logit, conv_logit, click, conv, w_click, w_conv):
    criterion = torch.nn.BCEWithLogitsLoss(reduction="none")
    missing = conv.isnan()
    rows = criterion(conv_logit, conv.masked_fill(missing, 0.5)).masked_fill(missing, float("nan"))
    conv_loss = torch.nansum(rows) / (~missing).float().sum().clamp_min(1.0)
    return torch.add(w_click * criterion(click_logit, click).mean(), conv_loss, alpha=w_conv)


@alternative("logaddexp on signed logits, masked_select, and the second term only where there is a label")
def signed_logits(click_logit, conv_logit, click, conv, w_click, w_conv):
    def mean_loss(z, y):
        margin = z * (1 - 2 * y)
        return torch.logaddexp(margin, torch.zeros_like(margin)).mean()

    loss = w_click * mean_loss(click_logit, click)
    known = conv >= 0
    if known.any():
        loss = loss + w_conv * mean_loss(conv_logit.masked_select(known), conv.masked_select(known))
    return loss


@alternative("the textbook form with torch.maximum, which halves the slope at its kink")
def textbook_form(click_logit, conv_logit, click, conv, w_click, w_conv):
    def rows(z, y):
        return torch.maximum(z, torch.zeros_like(z)) - z * y + torch.log1p(torch.exp(-z.abs()))

    index = torch.isfinite(conv).nonzero().squeeze(-1)
    conv_rows = rows(conv_logit[index], conv[index])
    return w_click * rows(click_logit, click).mean() + w_conv * conv_rows.sum() / max(index.numel(), 1)
