"""The formula in torch."""
import torch


def uncertainty_loss(losses, log_var):
    return 0.5 * torch.sum(torch.exp(-log_var) * losses + log_var)
