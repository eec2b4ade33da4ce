"""Returns the weight of g2 instead of that of g1."""
import numpy as np


def min_norm_alpha(g1, g2):
    diff = g1 - g2
    denom = np.sum(diff ** 2)
    if denom == 0:
        return 0.5
    alpha = np.sum(g1 * diff) / denom
    return float(min(1, max(0, alpha)))
