"""Two mistakes: divides by 2 s squared as if s were sigma, and averages."""
import torch


def uncertainty_loss(losses, log_var):
    return (losses / (2 * log_var**2) + log_var.abs().log()).mean()
