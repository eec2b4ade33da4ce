"""A loop over the tasks with boolean selection."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    losses = []
    for t in range(pred.shape[1]):
        rows = mask[:, t]
        d = pred[rows, t] - Y[rows, t]
        losses.append((d * d).sum() / max(int(rows.sum()), 1))
    per_task = torch.stack(losses)
    return (per_task * weights).sum(), per_task
