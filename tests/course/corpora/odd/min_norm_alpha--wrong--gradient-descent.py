"""Gradient descent on alpha with a fixed step, which is too large or too small for most gradients."""
import numpy as np


def min_norm_alpha(g1, g2):
    if np.array_equal(g1, g2):
        return 0.5
    a = 0.5
    for _ in range(200):
        slope = 2 * float((a * g1 + (1 - a) * g2) @ (g1 - g2))
        a = min(1.0, max(0.0, a - 0.01 * slope))
    return a
