"""Takes nearly equal gradients for equal (np.allclose) and returns 0.5 for them, also for any two tiny ones."""
import numpy as np


def min_norm_alpha(g1, g2):
    """Weight of g1 in the shortest mix alpha * g1 + (1 - alpha) * g2."""
    g1 = np.asarray(g1, dtype=np.float64)
    g2 = np.asarray(g2, dtype=np.float64)
    if np.allclose(g1, g2):
        return 0.5
    diff = g1 - g2
    alpha = -np.dot(g2, diff) / np.dot(diff, diff)
    return float(min(1.0, max(0.0, alpha)))
