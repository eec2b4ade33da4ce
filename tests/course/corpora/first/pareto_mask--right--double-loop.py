"""Two loops and the definition."""
import numpy as np


def pareto_mask(points, maximise):
    pts = np.array(points, dtype=float)
    for k, up in enumerate(maximise):
        if not up:
            pts[:, k] = -pts[:, k]
    n = len(pts)
    mask = np.ones(n, dtype=bool)
    for i in range(n):
        for j in range(n):
            if np.all(pts[j] >= pts[i]) and np.any(pts[j] > pts[i]):
                mask[i] = False
                break
    return mask
