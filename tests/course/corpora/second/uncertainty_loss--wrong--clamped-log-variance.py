"""Clamps the log-variances to [-10, 10], so extreme ones have the wrong value and no gradient; and it takes the mean."""
import torch


def uncertainty_loss(losses, log_var):
    s = torch.clamp(log_var, -10, 10)
    return (0.5 * torch.exp(-s) * losses + 0.5 * s).mean()
