"""Calls a point dominated only if another is strictly better in every objective; a tie in one of them saves it."""
import numpy as np


def pareto_mask(points, maximise):
    """True for the points that no other point dominates."""
    pts = np.where(maximise, points, -np.asarray(points, dtype=float))
    mask = np.ones(len(pts), dtype=bool)
    for i in range(len(pts)):
        for j in range(len(pts)):
            if i != j and np.all(pts[j] > pts[i]):
                mask[i] = False
    return mask
