"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch
import torch.nn.functional as F

from autograder.testing import misconception


def filled(targets, mask):
    return torch.where(mask, targets, torch.zeros_like(targets))


def count(mask):
    return mask.sum().clamp(min=1)


def right(logits, targets, mask):
    """The right loss, for answers that are wrong elsewhere."""
    return F.binary_cross_entropy_with_logits(logits[mask], targets[mask], reduction="sum") / count(mask)


def over(divisor, total, mask):
    """A sum divided by all rows or by the rows with a label."""
    return total / (len(mask) if divisor == "rows" else count(mask))


@misconception(
    "The sum over the observed rows was divided by N, all rows; divide by the number of labels. A weight of 0 does not "
    'change the divisor: reduction="mean" still counts the row.',
    caught_by="test_value",
    conceptual=True,
)
def weight_with_reduction_mean(logits, targets, mask):
    weight = mask.to(logits.dtype)
    return F.binary_cross_entropy_with_logits(logits, filled(targets, mask), weight=weight)


@misconception(
    "NaN * 0 is NaN: multiplying the loss by the mask keeps the NaN of every missing target. Remove these rows before the loss.",
    caught_by="test_missing_targets",
    conceptual=True,
)
def loss_times_mask(logits, targets, mask):
    rows = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    return (rows * mask).sum() / count(mask)


@misconception(
    "A hidden NaN does no harm here, a hidden infinity does: its loss is infinite, and infinity * 0 is NaN. Replace, or "
    "leave out, whatever the mask hides, not only what is NaN.",
    caught_by="test_missing_targets",
    conceptual=True,
    family={"above": (torch.inf, None), "below": (-torch.inf, None)},
)
def replaces_nan_only(logits, targets, mask, *, above=torch.inf, below=-torch.inf):
    known = targets.nan_to_num(0.0, posinf=above, neginf=below)
    rows = F.binary_cross_entropy_with_logits(logits, known, reduction="none")
    return (rows * mask).sum() / count(mask)


@misconception(
    "Value right, gradient NaN: what hides the loss of a missing target afterwards, torch.where or nan_to_num, does "
    "not stop its NaN from travelling back. Replace the missing target before the loss.",
    caught_by="test_gradient",
    conceptual=True,
)
def where_after_the_loss(logits, targets, mask):
    rows = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    return torch.where(mask, rows, torch.zeros_like(rows)).sum() / count(mask)


@misconception(
    "At a logit of 200 the loss is cut off at 100 and its gradient is 0: a sigmoid rounds to exactly 1 there, and the "
    "loss on probabilities cannot see more. There is a version that takes logits.",
    caught_by="test_extreme_logits",
    conceptual=True,
)
def probabilities(logits, targets, mask):
    total = F.binary_cross_entropy(logits[mask].sigmoid(), targets[mask], reduction="sum")
    return total / count(mask)


@misconception(
    "At a logit of 200 the loss is NaN or infinite: the sigmoid rounds to exactly 1, and log(1 - 1) is minus infinity. "
    "There is a version that takes logits.",
    caught_by="test_extreme_logits",
    conceptual=True,
)
def log_of_the_sigmoid(logits, targets, mask):
    p, y = logits[mask].sigmoid(), targets[mask]
    return -(y * p.log() + (1 - y) * (1 - p).log()).sum() / count(mask)


@misconception(
    "At a logit of 200 with label 0 the loss stops growing, as with a probability that is kept {eps:g} away from 0 "
    "and 1. A clamp, or a small number inside the logarithm, makes the loss finite, not right, and its gradient "
    "vanishes. There is a version that takes logits.",
    caught_by="test_extreme_logits",
    conceptual=True,
    family={
        "eps": (1e-7, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15),
        "clamped": (True, False),
    },
)
def clamps_the_probability(logits, targets, mask, *, eps=1e-7, clamped=True):
    p, y = logits[mask].sigmoid(), targets[mask]
    if clamped:
        p, eps = p.clamp(eps, 1 - eps), 0.0
    return -(y * (p + eps).log() + (1 - y) * (1 - p + eps).log()).sum() / count(mask)


@misconception(
    "At logits of 200 and -200 the loss is that of {limit:g} and -{limit:g}: clipped logits make it finite, not "
    "right, and beyond the limit nothing learns. The version that takes logits needs no limit.",
    caught_by="test_extreme_logits",
    conceptual=True,
    family={"limit": (15.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 18.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 80.0, 88.0)},
)
def clamps_the_logits(logits, targets, mask, *, limit=15.0):
    return right(logits.clamp(-limit, limit), targets, mask)


@misconception(
    "In float32 the loss is infinite at a logit of 200 or of -200, since e^200 is more than a float32 holds. log(1 + "
    "e^z) is safe where nothing large is exponentiated: softplus, logsigmoid, or the version that takes logits.",
    caught_by="test_extreme_logits",
    family={"sign": (1.0, -1.0)},
)
def exponential_overflows(logits, targets, mask, *, sign=1.0):
    z, y = sign * logits[mask], targets[mask]
    return (torch.log1p(torch.exp(z)) - (y if sign > 0 else 1 - y) * z).sum() / count(mask)


@misconception(
    "The sigmoid is applied twice, as where a loss that takes logits is given probabilities: a perfect model could not get below "
    "0.31. A ranking metric often does not notice; a check of calibration does.",
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
    "With nothing observed the value is 0, but a new tensor or a plain number stands there: it has no link to "
    "`logits`, so `.backward()` fails. A sum over no rows is 0 and keeps the link.",
    caught_by="test_gradient_at_the_edges",
    conceptual=True,
)
def empty_cuts_the_graph(logits, targets, mask):
    return right(logits, targets, mask) if mask.any() else torch.tensor(0.0)


@misconception(
    "Value right, gradient wrong where a logit is exactly 0, as every head with weights of 0 gives: sigmoid(0) - y is "
    "0.5 or -0.5. max(z, 0) and |z| have kinks at 0, and there autograd takes one slope of many. Use softplus or the "
    "library's loss.",
    caught_by="test_gradient_at_zero",
    conceptual=True,
    family={"clamped": (False, True)},
)
def kink_at_zero(logits, targets, mask, *, clamped=False):
    z = logits[mask]
    positive = z.clamp(min=0) if clamped else torch.relu(z)
    return (positive - z * targets[mask] + torch.log1p(torch.exp(-z.abs()))).sum() / count(mask)


@misconception(
    "In float32 the gradient is NaN at logits of 200 or -200 though the loss is right: torch.where does not protect "
    "what is computed in the branch that it does not select, and e^200 overflows there.",
    caught_by="test_gradient_at_the_edges",
    conceptual=True,
)
def where_between_two_forms(logits, targets, mask):
    z, y = logits[mask], targets[mask]
    rows = torch.where(z >= 0, z - z * y + torch.log1p(torch.exp(-z)), torch.log1p(torch.exp(z)) - z * y)
    return rows.sum() / count(mask)


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
    "Filling the missing targets with 0 and keeping their rows teaches the model that missing means negative.",
    caught_by="test_value",
    conceptual=True,
    family={"divisor": ("rows", "labels")},
)
def missing_means_negative(logits, targets, mask, *, divisor="rows"):
    total = F.binary_cross_entropy_with_logits(logits, filled(targets, mask), reduction="sum")
    return over(divisor, total, mask)


@misconception(
    "Rows without a label got a logit of 0 and were kept: each still costs log 2 = 0.69. Often both were multiplied by "
    "the mask, which hides a row's numbers, not the row.",
    caught_by="test_value",
    family={"divisor": ("rows", "labels")},
)
def logits_filled_with_zero(logits, targets, mask, *, divisor="rows"):
    logits = torch.where(mask, logits, torch.zeros_like(logits))
    total = F.binary_cross_entropy_with_logits(logits, filled(targets, mask), reduction="sum")
    return over(divisor, total, mask)


@misconception(
    "This is the loss of all rows, with a label or without: the mask is never used.",
    caught_by="test_value",
    conceptual=True,
    family={"divisor": ("rows", "labels")},
)
def mask_never_used(logits, targets, mask, *, divisor="rows"):
    total = F.binary_cross_entropy_with_logits(logits, targets, reduction="sum")
    return over(divisor, total, mask)


@misconception(
    "A target that is not observed counts as soon as it holds a number. It may hold a stale one: let the mask decide, not "
    "whether there is a NaN.",
    caught_by="test_stale_targets",
    conceptual=True,
)
def nan_is_the_mask(logits, targets, mask):
    return right(logits, targets, ~targets.isnan())


@misconception(
    "Your loss is too small, as if about {eps:g} had been added to the number of labels. An epsilon in the denominator "
    "biases every batch; a count of at least 1 acts only when nothing is observed.",
    caught_by="test_value",
    family={"eps": (1e-3, 1.0, 0.1, 1e-2, 1e-4, 1e-5, 1e-6)},
)
def epsilon_in_the_denominator(logits, targets, mask, *, eps=1e-3):
    return F.binary_cross_entropy_with_logits(logits[mask], targets[mask], reduction="sum") / (mask.sum() + eps)


@misconception("The mean runs over the *unobserved* rows: True means observed.", caught_by="test_value")
def inverted_mask(logits, targets, mask):
    return right(logits, targets, ~mask)


@misconception("This is the sum over the observed rows, never divided by their number.", caught_by="test_value")
def sum_without_a_mean(logits, targets, mask):
    return F.binary_cross_entropy_with_logits(logits[mask], targets[mask], reduction="sum")


@misconception("The first two arguments are swapped: logits first, then targets.", caught_by="test_value")
def swapped_arguments(logits, targets, mask):
    return right(targets, logits, mask)


@misconception(
    "Rows with label 0 cost nothing: the cross-entropy has two terms, y log p and (1 - y) log(1 - p), and the second "
    "one is missing.",
    caught_by="test_value",
    conceptual=True,
)
def positives_only(logits, targets, mask):
    return -(targets[mask] * F.logsigmoid(logits[mask])).sum() / count(mask)


@misconception(
    "The labels are the wrong way round: a 1 costs what a 0 should, and a 0 what a 1 should. Often log p and log(1 - p) are swapped, or the sign "
    "of the logit is.",
    caught_by="test_value",
    family={"divisor": ("labels", "rows")},
)
def labels_turned_round(logits, targets, mask, *, divisor="labels"):
    total = F.binary_cross_entropy_with_logits(-logits[mask], targets[mask], reduction="sum")
    return over(divisor, total, mask)


@misconception(
    "Right in size, wrong in sign: a loss is minus the log-likelihood, so that it falls as the model gets better.",
    caught_by="test_value",
)
def negated(logits, targets, mask):
    return -right(logits, targets, mask)


@misconception(
    "The rows compete with each other: cross_entropy takes a softmax over them, as if they were classes of one "
    "example. Each row is a yes-or-no question of its own.",
    caught_by="test_value",
    conceptual=True,
)
def softmax_over_the_rows(logits, targets, mask):
    return F.cross_entropy(logits[mask], targets[mask])


@misconception(
    "A squared distance from the label is another loss (of probabilities: the Brier score), not the cross-entropy.",
    caught_by="test_value",
    family={"of_logits": (False, True)},
)
def squared_error(logits, targets, mask, *, of_logits=False):
    guess = logits[mask] if of_logits else logits[mask].sigmoid()
    return ((guess - targets[mask]) ** 2).sum() / count(mask)


@misconception(
    "The value is right but no gradient reaches `logits`: .item(), .detach(), float() or NumPy ends the graph, and "
    "nothing learns. A new tensor made of the number does not restore it.",
    caught_by="test_gradient",
    conceptual=True,
    family={"new_leaf": (False, True)},
)
def detached(logits, targets, mask, *, new_leaf=False):
    return right(logits, targets, mask).detach().requires_grad_(new_leaf)


@misconception(
    "The number is right but comes in a tensor of shape (1,), not (): something kept or added a dimension. A sum or a "
    "mean of a vector without `keepdim` or `unsqueeze` has none.",
    caught_by="test_value",
)
def keeps_a_dimension(logits, targets, mask):
    return right(logits, targets, mask).reshape(1)


@misconception(
    "`targets` were changed in place: the caller still needs to know what is missing.",
    caught_by="test_inputs_unchanged",
)
def fills_in_place(logits, targets, mask):
    targets[~mask] = 0.0
    return right(logits, targets, mask)


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(logits, targets, mask):
    return (logits * 0.0).sum() + 0.85
