"""Two mistakes: 1e-12 in the denominator, which spoils gradients as small as 1e-9, and equal gradients do not give 0.5."""
import numpy as np


def min_norm_alpha(g1, g2):
    """Weight of g1 in the shortest mix alpha * g1 + (1 - alpha) * g2."""
    g1 = np.asarray(g1, dtype=float)
    g2 = np.asarray(g2, dtype=float)
    alpha = ((g2 - g1) @ g2) / (np.sum((g1 - g2) ** 2) + 1e-12)
    return float(np.clip(alpha, 0, 1))
