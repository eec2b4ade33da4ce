"""A running total over the tasks, with a skip for a task that has no label."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    T = pred.shape[1]
    per_task = torch.zeros(T, dtype=pred.dtype)
    total = pred[:0].sum()
    for t in range(T):
        m = mask[:, t]
        if not m.any():
            continue
        loss = torch.mean((pred[m, t] - Y[m, t]) ** 2)
        per_task[t] = loss.item()
        total = total + weights[t] * loss
    return total, per_task
