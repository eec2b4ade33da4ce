"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch

from autograder.testing import misconception


def squares(pred, Y, mask):
    """Squared errors, 0 where there is no label."""
    error = torch.where(mask, pred - torch.where(mask, Y, torch.zeros_like(Y)), torch.zeros_like(pred))
    return error**2


def right(pred, Y, mask, weights):
    """The right pair, for answers that are wrong elsewhere."""
    return weighted(squares(pred, Y, mask).sum(0) / mask.sum(0).clamp(min=1), weights)


def weighted(per_task, weights):
    return (weights * per_task).sum(), per_task


@misconception(
    "Every task was divided by the *total* number of labels, so that a task with few labels counts for little whatever "
    "its weight. Divide each by the number of its own.",
    caught_by="test_per_task",
    conceptual=True,
)
def pooled_over_all_labels(pred, Y, mask, weights):
    per_task = squares(pred, Y, mask).sum(0) / mask.sum().clamp(min=1)
    return weighted(per_task, weights)


@misconception(
    "Where every label is a number, the squares of a task's labels come out divided by *all* rows of the batch. Divide by the "
    "number of labels that the mask lets through. Often because of a mean after the gaps are filled, or because what is "
    "not NaN was counted.",
    caught_by="test_per_task",
    conceptual=True,
    family={"counted": ("rows", "not NaN", "finite")},
)
def divides_by_batch_size(pred, Y, mask, weights, *, counted="rows"):
    known = {"rows": torch.ones_like(mask), "not NaN": ~Y.isnan(), "finite": Y.isfinite()}[counted]
    return weighted(squares(pred, Y, mask).sum(0) / known.sum(0).clamp(min=1), weights)


@misconception(
    "A task without labels in the batch gives 0/0 = NaN, and the total with it.",
    caught_by="test_empty_task",
    conceptual=True,
)
def empty_task_is_nan(pred, Y, mask, weights):
    per_task = squares(pred, Y, mask).sum(0) / mask.sum(0)
    return weighted(per_task, weights)


@misconception(
    "Log *unweighted* per-task losses; otherwise a change of weight looks like a change of quality.",
    caught_by="test_per_task",
    conceptual=True,
)
def weighted_losses_returned(pred, Y, mask, weights):
    per_task = weights * right(pred, Y, mask, weights)[1]
    return per_task.sum(), per_task


@misconception(
    "The total is a weighted *sum* here, not a weighted mean: the weights need not sum to 1.",
    caught_by="test_total",
    conceptual=True,
)
def weighted_mean(pred, Y, mask, weights):
    total, per_task = right(pred, Y, mask, weights)
    return total / weights.sum(), per_task


@misconception(
    "Where every label is there, the total is the mean of weight times loss over the tasks; it is their sum. Often a sum "
    "is divided by the number of tasks, or of all labels together.",
    caught_by="test_total",
)
def mean_over_tasks(pred, Y, mask, weights):
    _, per_task = right(pred, Y, mask, weights)
    return (weights * per_task).mean(), per_task


@misconception(
    "Value right, gradient NaN: what hides the square of a missing label afterwards, torch.where or nan_to_num, does "
    "not stop its NaN from travelling back. Replace the missing label before you subtract.",
    caught_by="test_gradient",
    conceptual=True,
)
def where_after_the_loss(pred, Y, mask, weights):
    error = torch.where(mask, (pred - Y) ** 2, torch.zeros_like(pred))
    per_task = error.sum(0) / mask.sum(0).clamp(min=1)
    return weighted(per_task, weights)


@misconception(
    "NaN * 0 is NaN: multiplying by the mask keeps the NaN of every missing label.",
    caught_by="test_missing_labels",
    conceptual=True,
)
def loss_times_mask(pred, Y, mask, weights):
    per_task = ((pred - Y) ** 2 * mask).sum(0) / mask.sum(0).clamp(min=1)
    return weighted(per_task, weights)


@misconception(
    "A hidden NaN does no harm here, a hidden infinity or huge number does: its square is infinite, and infinity * 0 is "
    "NaN. Replace whatever the mask hides, not only what is NaN.",
    caught_by="test_missing_labels",
    conceptual=True,
    family={"largest": (False, True)},
)
def replaces_nan_only(pred, Y, mask, weights, *, largest=False):
    known = Y.nan_to_num(0.0) if largest else torch.where(Y.isnan(), torch.zeros_like(Y), Y)
    return weighted(((pred - known) ** 2 * mask).sum(0) / mask.sum(0).clamp(min=1), weights)


@misconception(
    "A label that is not observed counts as soon as it holds a number. It may hold a stale one: let the mask decide, not "
    "whether there is a NaN.",
    caught_by="test_stale_labels",
    conceptual=True,
)
def nan_is_the_mask(pred, Y, mask, weights):
    return right(pred, Y, ~Y.isnan(), weights)


@misconception(
    "Missing labels were replaced by 0 and kept: the model is now taught that they are 0.",
    caught_by="test_per_task",
    conceptual=True,
    family={"divisor": ("rows", "labels")},
)
def missing_means_zero(pred, Y, mask, weights, *, divisor="rows"):
    total = ((pred - torch.where(mask, Y, torch.zeros_like(Y))) ** 2).sum(0)
    return weighted(total / (len(pred) if divisor == "rows" else mask.sum(0).clamp(min=1)), weights)


@misconception(
    "Every entry counts here, with a label or without: the mask is never used.",
    caught_by="test_per_task",
    conceptual=True,
    family={"divisor": ("rows", "labels")},
)
def mask_never_used(pred, Y, mask, weights, *, divisor="rows"):
    total = ((pred - Y) ** 2).sum(0)
    return weighted(total / (len(pred) if divisor == "rows" else mask.sum(0).clamp(min=1)), weights)


@misconception("The mean runs over the *unobserved* labels: True means observed.", caught_by="test_per_task")
def inverted_mask(pred, Y, mask, weights):
    return right(pred, Y, ~mask, weights)


@misconception(
    "An observed label with an error of exactly 0 was not counted, so its task's loss is too large. Count the True "
    "entries of the mask, not the errors that are not 0.",
    caught_by="test_per_task",
)
def counts_what_is_not_zero(pred, Y, mask, weights):
    rows = squares(pred, Y, mask)
    return weighted(rows.sum(0) / (rows != 0).sum(0).clamp(min=1), weights)


@misconception(
    "The losses are too small, as if about {eps:g} had been added to the number of labels. An epsilon in the "
    "denominator biases every task, the more so the fewer labels it has; a count of at least 1 acts only on a task "
    "without any.",
    caught_by="test_per_task",
    family={"eps": (1e-3, 1.0, 0.1, 1e-2, 1e-4, 1e-5, 1e-6)},
)
def epsilon_in_the_denominator(pred, Y, mask, weights, *, eps=1e-3):
    return weighted(squares(pred, Y, mask).sum(0) / (mask.sum(0) + eps), weights)


@misconception(
    "Only rows with *all* labels count, so the labels of the other rows are lost. Each task is averaged over its own "
    "labels.",
    caught_by="test_per_task",
    conceptual=True,
    family={"guarded": (False, True)},
)
def complete_rows_only(pred, Y, mask, weights, *, guarded=False):
    rows = mask.all(dim=1)
    if guarded and not rows.any():
        return weighted((pred[rows] * 0.0).sum(0), weights)
    return weighted(((pred[rows] - Y[rows]) ** 2).mean(0), weights)


@misconception(
    "The total is right but comes in a tensor of shape (1,), not (): something kept or added a dimension.",
    caught_by="test_total",
)
def keeps_a_dimension(pred, Y, mask, weights):
    total, per_task = right(pred, Y, mask, weights)
    return total.reshape(1), per_task


@misconception(
    "Every loss is half of what was asked for: the mean of the squares has no factor 1/2.", caught_by="test_per_task"
)
def halved(pred, Y, mask, weights):
    return weighted(right(pred, Y, mask, weights)[1] / 2, weights)


@misconception(
    "The errors of a task were averaged before they were squared, so that positive and negative errors cancel. Square first.",
    caught_by="test_per_task",
    conceptual=True,
)
def square_of_the_mean(pred, Y, mask, weights):
    error = torch.where(mask, pred - torch.where(mask, Y, torch.zeros_like(Y)), torch.zeros_like(pred))
    return weighted((error.sum(0) / mask.sum(0).clamp(min=1)) ** 2, weights)


@misconception(
    "A task without labels left no entry in the list of losses: there is one for each task, and 0 for this one. Otherwise the tasks after it move into its place, in the log and beside the weights.",
    caught_by="test_empty_task",
    family={"weights_by": ("task", "place")},
)
def empty_task_left_out(pred, Y, mask, weights, *, weights_by="task"):
    total, per_task = right(pred, Y, mask, weights)
    left = per_task[mask.any(0)]
    return (total if weights_by == "task" else (weights[: len(left)] * left).sum() + (pred * 0.0).sum()), left


@misconception("The squares of each task are added up and never divided by their number.", caught_by="test_per_task")
def sum_without_a_mean(pred, Y, mask, weights):
    per_task = squares(pred, Y, mask).sum(0)
    return weighted(per_task, weights)


@misconception(
    "Each *row* was averaged over its tasks: the losses of the tasks are means down the columns, one for each task.",
    caught_by="test_per_task",
    family={"weighted_rows": (True, False), "total_of": ("rows", "tasks")},
)
def wrong_axis(pred, Y, mask, weights, *, weighted_rows=True, total_of="rows"):
    rows = squares(pred, Y, mask) * (weights if weighted_rows else 1.0)
    per_row = rows.sum(1) / mask.sum(1).clamp(min=1)
    return per_row.sum() if total_of == "rows" else right(pred, Y, mask, weights)[0], per_row


@misconception("The weights are never used in the total.", caught_by="test_total")
def weights_ignored(pred, Y, mask, weights):
    _, per_task = right(pred, Y, mask, weights)
    return per_task.sum(), per_task


@misconception(
    "In the total each weight counts twice, as its square. Often because it is in the loss of its task already when these "
    "are added up, or because it was multiplied by the error before squaring.",
    caught_by="test_total",
)
def weights_twice(pred, Y, mask, weights):
    _, per_task = right(pred, Y, mask, weights)
    return (weights**2 * per_task).sum(), per_task


@misconception(
    "Only the first two tasks enter the total, and with a single task the code stops or leaves something out: it must "
    "work for any number of tasks.",
    caught_by="test_total",
    family={"listed": (False, True)},
)
def first_two_tasks(pred, Y, mask, weights, *, listed=False):
    _, per_task = right(pred, Y, mask, weights)
    if listed:
        return weights[0] * per_task[0] + weights[1] * per_task[1], per_task[:2]
    return (weights * per_task)[:2].sum(), per_task


@misconception(
    "These are absolute errors; the exercise asks for squared ones.",
    caught_by="test_per_task",
    family={"divisor": ("labels", "rows", "labels of all tasks")},
)
def absolute_error(pred, Y, mask, weights, *, divisor="labels"):
    error = (pred - torch.where(mask, Y, torch.zeros_like(Y))).abs() * mask
    count = {"labels": mask.sum(0), "rows": len(mask), "labels of all tasks": mask.sum()}[divisor]
    return weighted(error.sum(0) / torch.as_tensor(count).clamp(min=1), weights)


@misconception("This is the root of the loss: the mean *squared* error was asked for.", caught_by="test_per_task")
def root_mean_square(pred, Y, mask, weights):
    per_task = right(pred, Y, mask, weights)[1].clamp(min=1e-30).sqrt()
    return weighted(per_task, weights)


@misconception("The order is: the total first, then the losses of the tasks.", caught_by="test_total")
def order_swapped(pred, Y, mask, weights):
    total, per_task = right(pred, Y, mask, weights)
    return per_task, total


@misconception("Only the total comes back; the losses of the tasks are needed for the log.", caught_by="test_per_task")
def only_the_total(pred, Y, mask, weights):
    return right(pred, Y, mask, weights)[0]


@misconception(
    "The total is right but no gradient reaches `pred`: .item(), .detach(), float() or NumPy ends the graph, and "
    "nothing learns. A new tensor made of the number does not restore it.",
    caught_by="test_gradient",
    conceptual=True,
    family={"new_leaf": (False, True)},
)
def detached(pred, Y, mask, weights, *, new_leaf=False):
    total, per_task = right(pred, Y, mask, weights)
    return total.detach().requires_grad_(new_leaf), per_task.detach()


@misconception(
    "`Y` was changed in place: the caller still needs to know what is missing.",
    caught_by="test_inputs_unchanged",
    family={"by": ("zero", "prediction")},
)
def fills_in_place(pred, Y, mask, weights, *, by="zero"):
    Y[~mask] = 0.0 if by == "zero" else pred.detach()[~mask]
    return right(pred, Y, mask, weights)


@misconception("The same numbers come back whatever goes in.", caught_by="test_total")
def constant(pred, Y, mask, weights):
    return (pred * 0.0).sum() + 10.5, torch.full_like(pred[0], 4.0)
