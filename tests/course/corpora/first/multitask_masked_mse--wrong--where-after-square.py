"""Sets the missing squares to 0 after the NaN has been squared, so the gradient of those predictions is NaN."""
import torch


def multitask_masked_mse(pred, Y, mask, weights):
    sq = (pred - Y).pow(2)
    sq = torch.where(mask, sq, torch.tensor(0.0, dtype=pred.dtype))
    per_task = sq.sum(dim=0) / mask.sum(dim=0).clamp(min=1)
    total = torch.dot(weights, per_task)
    return total, per_task
