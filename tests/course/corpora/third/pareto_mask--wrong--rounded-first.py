"""Rounds the points to six decimals first, so that a smaller advantage counts as a tie and a beaten point stays."""
import numpy as np


def pareto_mask(points, maximise):
    sign = np.where(maximise, 1.0, -1.0)
    P = np.round(points * sign, 6)
    keep = np.ones(len(P), dtype=bool)
    for i in range(len(P)):
        better_or_same = (P >= P[i]).all(axis=1)
        better = (P > P[i]).any(axis=1)
        if (better_or_same & better).any():
            keep[i] = False
    return keep
