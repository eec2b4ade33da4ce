"""Bisection on the slope of the squared length."""
import numpy as np


def min_norm_alpha(g1, g2):
    d = np.asarray(g1, float) - np.asarray(g2, float)
    if not d.any():
        return 0.5
    lo, hi = 0.0, 1.0
    if d @ g2 >= 0:
        return lo
    if d @ g1 <= 0:
        return hi
    for _ in range(60):
        mid = (lo + hi) / 2
        if d @ (mid * d + g2) > 0:
            hi = mid
        else:
            lo = mid
    return (lo + hi) / 2
