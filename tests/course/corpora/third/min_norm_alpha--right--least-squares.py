"""A least-squares problem with one unknown, solved by lstsq and clipped."""
import numpy as np


def min_norm_alpha(g1, g2):
    a = np.asarray(g1, dtype=np.float64)
    b = np.asarray(g2, dtype=np.float64)
    if np.array_equal(a, b):
        return 0.5
    step = (a - b).reshape(-1, 1)
    size = np.abs(step).max()
    x, *_ = np.linalg.lstsq(step / size, -b / size, rcond=None)
    return float(np.clip(x[0], 0.0, 1.0))
