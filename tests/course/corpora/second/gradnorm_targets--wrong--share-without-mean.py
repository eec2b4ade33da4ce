"""Raises the share itself to the power alpha, without dividing by the mean share."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    return np.mean(weighted_norms) * (losses / initial_losses) ** alpha
