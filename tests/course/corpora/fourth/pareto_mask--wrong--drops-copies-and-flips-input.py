"""Two mistakes: a later copy of an equal point counts as dominated, and the minimised columns are negated in the caller's array."""
import numpy as np


def pareto_mask(points, maximise):
    """True for the points that no other point dominates."""
    points = np.asarray(points)
    for k, up in enumerate(maximise):
        if not up:
            points[:, k] *= -1
    keep = np.ones(len(points), dtype=bool)
    for i, p in enumerate(points):
        for j, q in enumerate(points):
            if j == i:
                continue
            if (q >= p).all() and ((q > p).any() or j < i):
                keep[i] = False
                break
    return keep
