"""Takes nearly equal gradients (and all tiny ones) for equal, because allclose has an absolute tolerance."""
import numpy as np


def min_norm_alpha(g1, g2):
    if np.allclose(g1, g2):
        return 0.5
    d = g2 - g1
    a = np.dot(d, g2) / np.dot(d, d)
    return np.clip(a, 0, 1)
