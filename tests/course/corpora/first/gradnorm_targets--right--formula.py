"""Step by step with names."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    share = losses / initial_losses
    rate = share / np.mean(share)
    return np.mean(weighted_norms) * rate ** alpha
