"""Right: functional style, one helper that removes a part, computed in float64 and returned in the dtype of the gradients."""
import numpy as np


def pcgrad_two(g1, g2):
    """Sum of the two gradients, each without its part against the other."""
    a, b = (np.asarray(g, dtype=np.float64) for g in (g1, g2))
    without = lambda u, v: u - (u @ v) / (v @ v) * v
    total = without(a, b) + without(b, a) if a @ b < 0 else a + b
    return total.astype(np.result_type(g1, g2, np.float32))
