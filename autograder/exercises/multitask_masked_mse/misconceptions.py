"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch

from autograder.testing import misconception


def squares(pred, Y, mask):
    """Squared errors, 0 where there is no label."""
    error = torch.where(mask, pred - torch.where(mask, Y, torch.zeros_like(Y)), torch.zeros_like(pred))
    return error**2


def right(pred, Y, mask, weights):
    """The right pair, for answers that are wrong elsewhere."""
    per_task = squares(pred, Y, mask).sum(0) / mask.sum(0).clamp(min=1)
    return (weights * per_task).sum(), per_task


@misconception(
    "You divided every task by the TOTAL number of labels: a task with few labels gets a small weight twice.",
    caught_by="test_per_task",
    conceptual=True,
)
def pooled_over_all_labels(pred, Y, mask, weights):
    per_task = squares(pred, Y, mask).sum(0) / mask.sum().clamp(min=1)
    return (weights * per_task).sum(), per_task


@misconception(
    "You divided by the batch size; divide each task by the number of its own labels.",
    caught_by="test_per_task",
    conceptual=True,
)
def divides_by_batch_size(pred, Y, mask, weights):
    per_task = squares(pred, Y, mask).mean(0)
    return (weights * per_task).sum(), per_task


@misconception(
    "A task without labels in the batch gives 0/0 = NaN and the total with it.",
    caught_by="test_empty_task",
    conceptual=True,
)
def empty_task_is_nan(pred, Y, mask, weights):
    per_task = squares(pred, Y, mask).sum(0) / mask.sum(0)
    return (weights * per_task).sum(), per_task


@misconception(
    "Log UNWEIGHTED per-task losses; otherwise a change of weight looks like a change of quality.",
    caught_by="test_per_task",
    conceptual=True,
)
def weighted_losses_returned(pred, Y, mask, weights):
    per_task = weights * right(pred, Y, mask, weights)[1]
    return per_task.sum(), per_task


@misconception(
    "The total is a weighted SUM here, not a weighted mean: the weights need not sum to 1.",
    caught_by="test_total",
    conceptual=True,
)
def weighted_mean(pred, Y, mask, weights):
    total, per_task = right(pred, Y, mask, weights)
    return total / weights.sum(), per_task


@misconception("You averaged weight times loss over the tasks; the total is their sum.", caught_by="test_total")
def mean_over_tasks(pred, Y, mask, weights):
    _, per_task = right(pred, Y, mask, weights)
    return (weights * per_task).mean(), per_task


@misconception(
    "Value right, gradient NaN: torch.where hides the square of a missing label, but its NaN still travels back. "
    "Replace the missing label before you subtract.",
    caught_by="test_gradient",
    conceptual=True,
)
def where_after_the_loss(pred, Y, mask, weights):
    error = torch.where(mask, (pred - Y) ** 2, torch.zeros_like(pred))
    per_task = error.sum(0) / mask.sum(0).clamp(min=1)
    return (weights * per_task).sum(), per_task


@misconception(
    "NaN * 0 is NaN: multiplying by the mask keeps the NaN of every missing label.",
    caught_by="test_missing_labels",
    conceptual=True,
)
def loss_times_mask(pred, Y, mask, weights):
    per_task = ((pred - Y) ** 2 * mask).sum(0) / mask.sum(0).clamp(min=1)
    return (weights * per_task).sum(), per_task


@misconception(
    "You used NaN as the mask, but an unobserved label may hold a stale number. Use the mask.",
    caught_by="test_stale_labels",
    conceptual=True,
)
def nan_is_the_mask(pred, Y, mask, weights):
    return right(pred, Y, ~Y.isnan(), weights)


@misconception(
    "Missing labels were replaced by 0 and kept: the model is now taught that they are 0.",
    caught_by="test_per_task",
    conceptual=True,
)
def missing_means_zero(pred, Y, mask, weights):
    return right(pred, torch.where(mask, Y, torch.zeros_like(Y)), torch.ones_like(mask), weights)


@misconception("You added up the squares of each task and never divided.", caught_by="test_per_task")
def sum_without_a_mean(pred, Y, mask, weights):
    per_task = squares(pred, Y, mask).sum(0)
    return (weights * per_task).sum(), per_task


@misconception(
    "You averaged each ROW over its tasks: the losses of the tasks are means down the columns.",
    caught_by="test_per_task",
)
def wrong_axis(pred, Y, mask, weights):
    per_row = (squares(pred, Y, mask) * weights).sum(1) / mask.sum(1).clamp(min=1)
    return per_row.sum(), per_row


@misconception("The weights are never used in the total.", caught_by="test_total")
def weights_ignored(pred, Y, mask, weights):
    _, per_task = right(pred, Y, mask, weights)
    return per_task.sum(), per_task


@misconception(
    "Only the first two tasks enter the total: it must work for any number of tasks.", caught_by="test_total"
)
def first_two_tasks(pred, Y, mask, weights):
    _, per_task = right(pred, Y, mask, weights)
    return (weights * per_task)[:2].sum(), per_task


@misconception("These are absolute errors; the exercise asks for squared ones.", caught_by="test_per_task")
def absolute_error(pred, Y, mask, weights):
    error = (pred - torch.where(mask, Y, torch.zeros_like(Y))).abs() * mask
    per_task = error.sum(0) / mask.sum(0).clamp(min=1)
    return (weights * per_task).sum(), per_task


@misconception("You took the root: the mean SQUARED error was asked for.", caught_by="test_per_task")
def root_mean_square(pred, Y, mask, weights):
    per_task = right(pred, Y, mask, weights)[1].clamp(min=1e-30).sqrt()
    return (weights * per_task).sum(), per_task


@misconception("The order is: the total first, then the losses of the tasks.", caught_by="test_total")
def order_swapped(pred, Y, mask, weights):
    total, per_task = right(pred, Y, mask, weights)
    return per_task, total


@misconception("Only the total comes back; the losses of the tasks are needed for the log.", caught_by="test_per_task")
def only_the_total(pred, Y, mask, weights):
    return right(pred, Y, mask, weights)[0]


@misconception(
    "The total carries no gradient: .item(), .detach() or NumPy ends the graph, and nothing learns.",
    caught_by="test_gradient",
    conceptual=True,
)
def detached(pred, Y, mask, weights):
    total, per_task = right(pred, Y, mask, weights)
    return total.detach(), per_task.detach()


@misconception(
    "You changed `Y` in place: the caller still needs to know what is missing.", caught_by="test_inputs_unchanged"
)
def fills_in_place(pred, Y, mask, weights):
    Y[~mask] = 0.0
    return right(pred, Y, mask, weights)


@misconception("The same numbers come back whatever goes in.", caught_by="test_total")
def constant(pred, Y, mask, weights):
    return (pred * 0.0).sum() + 10.5, torch.full_like(pred[0], 4.0)
