"""The closed form in float64, clipped."""
import numpy as np


def min_norm_alpha(g1, g2):
    a = np.asarray(g1, dtype=np.float64)
    b = np.asarray(g2, dtype=np.float64)
    if np.array_equal(a, b):
        return 0.5
    d = b - a
    return float(np.clip(d @ b / (d @ d), 0.0, 1.0))
