"""A point counts as dominated only if another is strictly better in every objective, so weakly beaten ones stay."""
import numpy as np


def pareto_mask(points, maximise):
    P = np.where(maximise, points, -points)
    keep = []
    for i in range(len(P)):
        dominated = any(np.all(P[j] > P[i]) for j in range(len(P)) if j != i)
        keep.append(not dominated)
    return np.array(keep)
