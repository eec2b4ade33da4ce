"""Right: plain Python with a recursive test of dominance, objective by objective."""
import numpy as np


def pareto_mask(points, maximise):
    """True for the points that no other point dominates."""
    def beats(p, q, directions, strictly=False):
        if len(directions) == 0:
            return strictly
        x, y = (p[0], q[0]) if directions[0] else (q[0], p[0])
        if x < y:
            return False
        return beats(p[1:], q[1:], directions[1:], strictly or bool(x > y))

    rows = list(points)
    flags = list(maximise)
    return np.array([not any(beats(p, q, flags) for p in rows) for q in rows], dtype=bool)
