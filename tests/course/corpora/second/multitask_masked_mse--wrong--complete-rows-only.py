"""Uses only rows in which all tasks are labelled."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    full = mask.all(dim=1)
    d = pred[full] - Y[full]
    n = max(int(full.sum()), 1)
    per_task = (d ** 2).sum(dim=0) / n
    return (weights * per_task).sum(), per_task
