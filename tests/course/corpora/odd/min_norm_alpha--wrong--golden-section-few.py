"""Golden-section search with eight steps."""
import numpy as np


def min_norm_alpha(g1, g2):
    if np.array_equal(g1, g2):
        return 0.5
    f = lambda a: float(np.sum((a * g1.astype(float) + (1 - a) * g2) ** 2))
    lo, hi, r = 0.0, 1.0, (5**0.5 - 1) / 2
    for _ in range(8):
        a, b = hi - r * (hi - lo), lo + r * (hi - lo)
        if f(a) < f(b):
            hi = b
        else:
            lo = a
    return (lo + hi) / 2
