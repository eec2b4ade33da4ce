"""The usual loss * weights * mask over mask.sum(): one divisor for all tasks, so tasks with few labels count less."""
import torch
from torch import nn


def multitask_masked_mse(pred, Y, mask, weights):
    loss_func = nn.MSELoss(reduction="none")
    mask = mask.float()
    targets = torch.nan_to_num(Y, nan=0.0)
    task_weights = weights.unsqueeze(0)
    raw = loss_func(pred, targets) * mask
    loss = (raw * task_weights).sum() / mask.sum()
    return loss, raw.sum(dim=0) / mask.sum(dim=0).clamp(min=1)
