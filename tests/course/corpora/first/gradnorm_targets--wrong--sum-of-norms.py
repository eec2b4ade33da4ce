"""Multiplies by the sum of the norms, and takes the relative rate the wrong way round (start over now)."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    G = weighted_norms.sum()
    share = initial_losses / losses
    r = share / share.mean()
    return G * r ** alpha
