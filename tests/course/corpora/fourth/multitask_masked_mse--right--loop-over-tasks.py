"""Right: verbose loop over the tasks, picking the labelled rows of each."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    number_of_tasks = pred.shape[1]
    per_task = []
    total = 0
    for t in range(number_of_tasks):
        rows = mask[:, t]
        error = pred[rows, t] - Y[rows, t]
        how_many = max(int(rows.sum()), 1)
        loss = (error * error).sum() / how_many
        per_task.append(loss.detach())
        total = total + weights[t] * loss
    return total, torch.stack(per_task)
