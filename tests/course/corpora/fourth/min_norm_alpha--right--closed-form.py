"""Right: closed form in float64 with a clip, equality tested exactly."""
import numpy as np


def min_norm_alpha(g1, g2):
    """Weight of g1 in the shortest mix alpha * g1 + (1 - alpha) * g2."""
    u, v = np.asarray(g1, dtype=np.float64), np.asarray(g2, dtype=np.float64)
    d = v - u
    return 0.5 if not d.any() else float(np.clip((d @ v) / (d @ d), 0, 1))
