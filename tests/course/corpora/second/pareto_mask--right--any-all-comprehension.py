"""Pure Python with any and all."""
import numpy as np


def pareto_mask(points, maximise):
    rows = [tuple(v if up else -v for v, up in zip(row, maximise)) for row in np.asarray(points).tolist()]

    def dominates(a, b):
        return a != b and all(x >= y for x, y in zip(a, b))

    return np.array([not any(dominates(a, b) for a in rows) for b in rows], dtype=bool)
