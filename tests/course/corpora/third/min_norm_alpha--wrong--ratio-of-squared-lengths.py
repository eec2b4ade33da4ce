"""Looks at the lengths alone, which is right only for gradients at right angles."""
import numpy as np


def min_norm_alpha(g1, g2):
    a = np.dot(g1, g1)
    b = np.dot(g2, g2)
    if a + b == 0:
        return 0.5
    return b / (a + b)
