"""Leaves a task without labels out of per_task and then pairs the rest with the first weights."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    per_task = []
    for t in range(pred.shape[1]):
        m = mask[:, t]
        if not m.any():
            continue
        per_task.append(((pred[m, t] - Y[m, t]) ** 2).mean())
    total = (pred * 0).sum()
    for i, loss in enumerate(per_task):
        total = total + weights[i] * loss
    return total, torch.stack(per_task) if per_task else torch.zeros(0)
