"""Right answers that look nothing alike."""

import torch

from autograder.testing import alternative


@alternative("labels filled before the difference, columns added up")
def fill_first(pred, Y, mask, weights):
    error = torch.where(mask, pred - torch.where(mask, Y, pred.detach()), torch.zeros_like(pred))
    per_task = error.square().sum(dim=0) / mask.sum(dim=0).clamp(min=1)
    return (weights * per_task).sum(), per_task.detach()


@alternative("a loop over the tasks with a boolean index, per-task losses as a list of floats")
def loop(pred, Y, mask, weights):
    total, per_task = (pred * 0.0).sum(), []
    for task in range(pred.shape[1]):
        observed = mask[:, task]
        loss = pred.new_zeros(())
        if observed.any():
            loss = torch.nn.functional.mse_loss(pred[observed, task], Y[observed, task])
        total = total + weights[task] * loss
        per_task.append(loss.item())
    return total, per_task


@alternative("masked_fill on the difference, weighted by a matrix of shares")
def share_matrix(pred, Y, mask, weights):
    counts = mask.sum(0, keepdim=True).clamp(min=1)
    squares = (pred - Y.masked_fill(~mask, 0.0)).masked_fill(~mask, 0.0).pow(2)
    per_task = (squares / counts).sum(0)
    return per_task @ weights, per_task


@alternative("only the observed entries, added to their task with index_add")
def scatter(pred, Y, mask, weights):
    rows, tasks = torch.nonzero(mask, as_tuple=True)
    squares = (pred[rows, tasks] - Y[rows, tasks]) ** 2
    sums = torch.zeros_like(pred[0]).index_add(0, tasks, squares)
    counts = torch.zeros_like(pred[0]).index_add(0, tasks, torch.ones_like(squares))
    per_task = sums / torch.maximum(counts, torch.ones_like(counts))
    return [torch.dot(weights, per_task), per_task]


@alternative("the loss module without reduction, nansum of what is filled before and emptied after")
def module_without_reduction(pred, Y, mask, weights):
    criterion = torch.nn.MSELoss(reduction="none")
    squares = criterion(pred, torch.where(mask, Y, 0.0)).masked_fill(~mask, float("nan"))
    per_task = torch.nansum(squares, dim=0) / mask.float().sum(dim=0).clamp(min=1e-8)
    return torch.einsum("t,t->", weights, per_task), per_task


@alternative("nanmean down the columns, its NaN for no label replaced by 0")
def nanmean(pred, Y, mask, weights):
    error = pred - Y.masked_fill(~mask, 0)
    per_task = torch.nanmean(torch.where(mask, error.square(), torch.nan), dim=0).nan_to_num(nan=0.0)
    return sum(weight * loss for weight, loss in zip(weights, per_task)), tuple(per_task)


@alternative("one entry at a time, in float64")
def entry_by_entry(pred, Y, mask, weights):
    n_rows, n_tasks = pred.shape
    per_task = []
    for task in range(n_tasks):
        rows = [row for row in range(n_rows) if mask[row, task]]
        squares = [(pred[row, task].double() - Y[row, task].double()) ** 2 for row in rows]
        per_task.append(sum(squares, pred[:0].double().sum()) / max(len(rows), 1))
    return torch.dot(weights.double(), torch.stack(per_task)), torch.stack(per_task)
