"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch
import torch.nn.functional as F

from autograder.testing import misconception


def bce(logits, labels, reduction="none"):
    return F.binary_cross_entropy_with_logits(logits, labels, reduction=reduction)


def conv_mean(conv_logit, conv):
    """The right second term, for answers that are wrong elsewhere."""
    observed = ~conv.isnan()
    return bce(conv_logit[observed], conv[observed], "sum") / observed.sum().clamp(min=1)


@misconception(
    "1.03 where 2.05 was expected: divide by the number of rows with a conversion label, not by all rows.",
    caught_by="test_value",
    conceptual=True,
)
def divides_by_batch_size(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    conv_loss = bce(conv_logit[observed], conv[observed], "sum") / len(conv)
    return w_click * bce(click_logit, click, "mean") + w_conv * conv_loss


@misconception(
    'The rows without a label now teach the model "did not convert". Missing is not zero: leave them out.',
    caught_by="test_value",
    conceptual=True,
)
def missing_means_no_conversion(click_logit, conv_logit, click, conv, w_click, w_conv):
    return w_click * bce(click_logit, click, "mean") + w_conv * bce(conv_logit, conv.nan_to_num(0.0), "mean")


@misconception(
    "The value is right, the gradient is NaN: torch.where hides the loss of a missing label, but its NaN still "
    "travels back. Replace the missing label before the loss.",
    caught_by="test_gradient",
    conceptual=True,
)
def where_after_the_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    rows = torch.where(observed, bce(conv_logit, conv), torch.zeros_like(conv_logit))
    return w_click * bce(click_logit, click, "mean") + w_conv * rows.sum() / observed.sum().clamp(min=1)


@misconception(
    "A clicked row can still miss its conversion label, and the NaN of that row ends up in the loss: use the "
    "label's own mask, not `click == 1`.",
    caught_by="test_labels_decide",
    conceptual=True,
)
def clicked_rows(click_logit, conv_logit, click, conv, w_click, w_conv):
    clicked = click == 1
    rows = bce(conv_logit[clicked], conv[clicked], "sum") / clicked.sum().clamp(min=1)
    return w_click * bce(click_logit, click, "mean") + w_conv * rows


@misconception(
    "You dropped conversion labels of rows without a click. Whether a label exists is decided by the label alone.",
    caught_by="test_labels_decide",
)
def clicked_and_labelled_rows(click_logit, conv_logit, click, conv, w_click, w_conv):
    kept = (click == 1) & ~conv.isnan()
    rows = bce(conv_logit[kept], conv[kept], "sum") / kept.sum().clamp(min=1)
    return w_click * bce(click_logit, click, "mean") + w_conv * rows


@misconception(
    "The weights were scaled to sum to 1. They are used as given: L is the sum of weight times loss.",
    caught_by="test_weights",
    conceptual=True,
)
def normalised_weights(click_logit, conv_logit, click, conv, w_click, w_conv):
    total = w_click * bce(click_logit, click, "mean") + w_conv * conv_mean(conv_logit, conv)
    return total / (w_click + w_conv)


@misconception(
    "NaN * 0 is NaN: multiplying the loss by the mask keeps the NaN of every missing label. Let these rows leave "
    "before the loss.",
    caught_by="test_value",
    conceptual=True,
)
def loss_times_mask(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    rows = (bce(conv_logit, conv) * observed).sum() / observed.sum().clamp(min=1)
    return w_click * bce(click_logit, click, "mean") + w_conv * rows


@misconception(
    "A sigmoid followed by a logarithm saturates: at |z| = 200 the loss is cut off at 100 and the gradient is 0. "
    "There is a loss that takes logits.",
    caught_by="test_extreme_logits",
    conceptual=True,
)
def probabilities(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    rows = F.binary_cross_entropy(conv_logit[observed].sigmoid(), conv[observed], reduction="sum")
    click_loss = F.binary_cross_entropy(click_logit.sigmoid(), click)
    return w_click * click_loss + w_conv * rows / observed.sum().clamp(min=1)


@misconception(
    "The sigmoid is applied twice: this loss already takes logits. A perfect model could not get below 0.31 a task.",
    caught_by="test_value",
    conceptual=True,
)
def double_sigmoid(click_logit, conv_logit, click, conv, w_click, w_conv):
    return w_click * bce(click_logit.sigmoid(), click, "mean") + w_conv * conv_mean(conv_logit.sigmoid(), conv)


@misconception(
    "A batch without conversion labels gives 0/0 = NaN, and the whole loss with it.",
    caught_by="test_no_conversion_label",
    conceptual=True,
)
def empty_is_nan(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    rows = bce(conv_logit[observed], conv[observed], "mean")
    return w_click * bce(click_logit, click, "mean") + w_conv * rows


@misconception(
    "Every row has a click label: the click term must not be cut down to the rows with a conversion label.",
    caught_by="test_value",
    conceptual=True,
)
def click_term_masked_too(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    clicks = bce(click_logit[observed], click[observed], "sum") / observed.sum().clamp(min=1)
    return w_click * clicks + w_conv * conv_mean(conv_logit, conv)


@misconception(
    "The loss carries no gradient: .item(), .detach() or NumPy ends the graph, and nothing learns.",
    caught_by="test_gradient",
    conceptual=True,
)
def detached(click_logit, conv_logit, click, conv, w_click, w_conv):
    return (w_click * bce(click_logit, click, "mean") + w_conv * conv_mean(conv_logit, conv)).detach()


@misconception("The two weights are swapped: w_click belongs to the clicks.", caught_by="test_weights")
def swapped_weights(click_logit, conv_logit, click, conv, w_click, w_conv):
    return w_conv * bce(click_logit, click, "mean") + w_click * conv_mean(conv_logit, conv)


@misconception("The weights are never used: with a weight of 0 a task must vanish.", caught_by="test_weights")
def weights_ignored(click_logit, conv_logit, click, conv, w_click, w_conv):
    return bce(click_logit, click, "mean") + conv_mean(conv_logit, conv)


@misconception(
    "1.025: you averaged over the two tasks. L is a sum of weighted losses.",
    caught_by="test_value",
)
def mean_over_tasks(click_logit, conv_logit, click, conv, w_click, w_conv):
    return (w_click * bce(click_logit, click, "mean") + w_conv * conv_mean(conv_logit, conv)) / 2


@misconception(
    "You divided both sums by the number of all labels together. Each task has a mean of its own: its weight, not "
    "its number of labels, says how much it counts.",
    caught_by="test_value",
    conceptual=True,
)
def pooled_over_all_labels(click_logit, conv_logit, click, conv, w_click, w_conv):
    observed = ~conv.isnan()
    total = w_click * bce(click_logit, click, "sum") + w_conv * bce(conv_logit[observed], conv[observed], "sum")
    return total / (len(click) + observed.sum())


@misconception(
    "You changed `conv` in place: the caller still needs to know which labels are missing.",
    caught_by="test_inputs_unchanged",
)
def fills_in_place(click_logit, conv_logit, click, conv, w_click, w_conv):
    loss = w_click * bce(click_logit, click, "mean") + w_conv * conv_mean(conv_logit, conv)
    conv[conv.isnan()] = 0.0
    return loss


@misconception("2.05 comes back whatever goes in: that is the answer to one example.", caught_by="test_value")
def hard_coded(click_logit, conv_logit, click, conv, w_click, w_conv):
    return (click_logit.sum() + conv_logit.sum()) * 0.0 + 2.05
