"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch
import torch.nn.functional as F

from autograder.testing import misconception


def filled(targets, mask):
    return torch.where(mask, targets, torch.zeros_like(targets))


def right(logits, targets, mask):
    """The right loss, for answers that are wrong elsewhere."""
    total = F.binary_cross_entropy_with_logits(logits[mask], targets[mask], reduction="sum")
    return total / mask.sum().clamp(min=1)


@misconception(
    'A weight of 0 for unobserved rows is right, but reduction="mean" divides by N, not by the number of labels: '
    "0.34 instead of 0.85 where two rows of five are observed.",
    caught_by="test_value",
    conceptual=True,
)
def weight_with_reduction_mean(logits, targets, mask):
    weight = mask.to(logits.dtype)
    return F.binary_cross_entropy_with_logits(logits, filled(targets, mask), weight=weight)


@misconception(
    "NaN * 0 is NaN: multiplying the loss by the mask keeps the NaN of every missing target. Let these rows leave "
    "before the loss.",
    caught_by="test_missing_targets",
    conceptual=True,
)
def loss_times_mask(logits, targets, mask):
    rows = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    return (rows * mask).sum() / mask.sum().clamp(min=1)


@misconception(
    "Value right, gradient NaN: torch.where hides the loss of a missing target, but its NaN still travels back. "
    "Replace the missing target before the loss.",
    caught_by="test_gradient",
    conceptual=True,
)
def where_after_the_loss(logits, targets, mask):
    rows = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    return torch.where(mask, rows, torch.zeros_like(rows)).sum() / mask.sum().clamp(min=1)


@misconception(
    "A sigmoid followed by the loss on probabilities saturates: at |z| = 200 the loss is cut off at 100 and the "
    "gradient is 0. There is a version that takes logits.",
    caught_by="test_extreme_logits",
    conceptual=True,
)
def probabilities(logits, targets, mask):
    total = F.binary_cross_entropy(logits[mask].sigmoid(), targets[mask], reduction="sum")
    return total / mask.sum().clamp(min=1)


@misconception(
    "You passed probabilities to a function that applies the sigmoid itself: a perfect model could not get below "
    "0.31. A ranking metric would not notice; calibration does.",
    caught_by="test_value",
    conceptual=True,
)
def double_sigmoid(logits, targets, mask):
    return right(logits.sigmoid(), targets, mask)


@misconception(
    "A mean over no rows is 0/0 = NaN. A batch without labels must cost exactly 0.",
    caught_by="test_empty_mask",
    conceptual=True,
)
def empty_is_nan(logits, targets, mask):
    return F.binary_cross_entropy_with_logits(logits[mask], targets[mask])


@misconception(
    "pos_weight rescales positives, it does not remove rows: unobserved negatives, and NaN, still count, and the mean "
    "is over all rows.",
    caught_by="test_value",
    conceptual=True,
)
def pos_weight_instead_of_mask(logits, targets, mask):
    positive = mask.to(logits.dtype)
    return F.binary_cross_entropy_with_logits(logits, targets, pos_weight=positive)


@misconception(
    "Filling the missing targets with 0 and averaging over all rows teaches the model that missing means negative.",
    caught_by="test_value",
    conceptual=True,
)
def missing_means_negative(logits, targets, mask):
    return F.binary_cross_entropy_with_logits(logits, filled(targets, mask))


@misconception(
    "You set the unobserved logits and targets to 0 and kept the rows: each still costs log 2 = 0.69, and the mean "
    "is over all rows.",
    caught_by="test_value",
)
def logits_filled_with_zero(logits, targets, mask):
    logits = torch.where(mask, logits, torch.zeros_like(logits))
    return F.binary_cross_entropy_with_logits(logits, filled(targets, mask))


@misconception(
    "You used NaN as the mask, but an unobserved target may hold a stale number. Use the mask.",
    caught_by="test_stale_targets",
    conceptual=True,
)
def nan_is_the_mask(logits, targets, mask):
    return right(logits, targets, ~targets.isnan())


@misconception("You averaged over the UNobserved rows: True means observed.", caught_by="test_value")
def inverted_mask(logits, targets, mask):
    return right(logits, targets, ~mask)


@misconception("You added up the observed rows and never divided.", caught_by="test_value")
def sum_without_a_mean(logits, targets, mask):
    return F.binary_cross_entropy_with_logits(logits[mask], targets[mask], reduction="sum")


@misconception("The first two arguments are swapped: logits first, then targets.", caught_by="test_value")
def swapped_arguments(logits, targets, mask):
    return right(targets, logits, mask)


@misconception(
    "The squared distance between probability and label is another loss (the Brier score), not the cross-entropy.",
    caught_by="test_value",
)
def squared_error(logits, targets, mask):
    return ((logits[mask].sigmoid() - targets[mask]) ** 2).sum() / mask.sum().clamp(min=1)


@misconception(
    "The loss carries no gradient: .item(), .detach() or NumPy ends the graph, and nothing learns.",
    caught_by="test_gradient",
    conceptual=True,
)
def detached(logits, targets, mask):
    return right(logits, targets, mask).detach()


@misconception(
    "You changed `targets` in place: the caller still needs to know what is missing.", caught_by="test_inputs_unchanged"
)
def fills_in_place(logits, targets, mask):
    targets[~mask] = 0.0
    return right(logits, targets, mask)


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(logits, targets, mask):
    return (logits * 0.0).sum() + 0.85
