"""Raises the shares to the power alpha before dividing by their mean: right only for alpha 0 and 1."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    """The gradient norm that GradNorm steers each task toward."""
    share = (np.asarray(losses) / np.asarray(initial_losses)) ** alpha
    rate = share / share.mean()
    return np.mean(weighted_norms) * rate
