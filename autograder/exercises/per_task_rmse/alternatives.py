"""Right answers that look nothing alike."""

import math
from fractions import Fraction

import numpy as np

from autograder.testing import alternative


@alternative("one task at a time, with a boolean index")
def boolean_index(y_true, y_pred, mask):
    errors = []
    for task in range(y_true.shape[1]):
        rows = mask[:, task]
        error = y_true[rows, task] - y_pred[rows, task]
        errors.append(np.sqrt(np.mean(error**2)) if rows.any() else np.nan)
    return np.array(errors)


@alternative("hidden labels as NaN, and nanmean down the columns")
def nanmean(y_true, y_pred, mask):
    error = np.where(mask, y_true, np.nan) - y_pred
    return np.sqrt(np.nanmean(np.square(error), axis=0))


@alternative("labels filled with the prediction, sums over counts")
def filled(y_true, y_pred, mask):
    error = np.where(mask, y_true, y_pred) - y_pred
    with np.errstate(invalid="ignore"):
        return np.sqrt((error**2).sum(axis=0) / mask.sum(axis=0))


@alternative("a masked array, its mask filled with NaN at the end")
def masked_array(y_true, y_pred, mask):
    labels = np.ma.masked_array(y_true, ~mask)
    return np.ma.filled(np.sqrt(((labels - y_pred) ** 2).mean(axis=0)).astype(float), np.nan)


@alternative("the length of the vector of errors over the root of their number")
def lengths(y_true, y_pred, mask):
    error = np.zeros(y_true.shape)
    error[mask] = y_pred[mask] - y_true[mask]
    count = mask.sum(axis=0)
    return np.where(count > 0, np.linalg.norm(error, axis=0) / np.sqrt(np.maximum(count, 1)), np.nan)


@alternative("sums with np.bincount over the observed entries; a list")
def bincount(y_true, y_pred, mask):
    _, tasks = np.nonzero(mask)
    squares = (y_true[mask] - y_pred[mask]) ** 2
    sums = np.bincount(tasks, weights=squares, minlength=mask.shape[1])
    counts = np.bincount(tasks, minlength=mask.shape[1])
    return [math.sqrt(total / count) if count else math.nan for total, count in zip(sums, counts)]


@alternative("np.average with the mask as weights")
def weighted_average(y_true, y_pred, mask):
    def of_task(labels, predictions, seen):
        if not seen.any():
            return np.nan
        return np.average(np.where(seen, labels - predictions, 0) ** 2, weights=seen) ** 0.5

    return [of_task(*columns) for columns in zip(y_true.T, y_pred.T, mask.T)]


@alternative("scikit-learn's metric, where there is something to measure")
def scikit_learn(y_true, y_pred, mask):
    from sklearn.metrics import root_mean_squared_error

    columns = zip(y_true.T, y_pred.T, mask.T)
    return [root_mean_squared_error(t[seen], p[seen]) if seen.any() else np.nan for t, p, seen in columns]


@alternative("exact fractions up to the root")
def fractions(y_true, y_pred, mask):
    errors = []
    for labels, predictions, seen in zip(y_true.T.tolist(), y_pred.T.tolist(), mask.T.tolist()):
        rows = [Fraction(t) - Fraction(p) for t, p, here in zip(labels, predictions, seen) if here]
        errors.append(math.sqrt(sum(row * row for row in rows) / len(rows)) if rows else float("nan"))
    return tuple(errors)


@alternative("torch, its loss function called for each task")
def in_torch(y_true, y_pred, mask):
    import torch

    tensors = (torch.from_numpy(array).T for array in (y_true, y_pred, mask))
    losses = [torch.nn.functional.mse_loss(p[seen], t[seen]) for t, p, seen in zip(*tensors)]
    return torch.stack(losses).sqrt()
