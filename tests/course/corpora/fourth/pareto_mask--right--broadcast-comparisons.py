"""Right: NumPy broadcasting with comparisons only, so that no number has to be negated."""
import numpy as np


def pareto_mask(points, maximise):
    """True for the points that no other point dominates."""
    p = np.asarray(points)
    up = np.asarray(maximise, dtype=bool)
    a, b = p[:, None, :], p[None, :, :]      # does a dominate b?
    no_worse = np.where(up, a >= b, a <= b).all(axis=-1)
    better = np.where(up, a > b, a < b).any(axis=-1)
    return ~(no_worse & better).any(axis=0)
