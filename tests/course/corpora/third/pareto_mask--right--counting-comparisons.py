"""Counts for each pair in how many objectives one is better, by an einsum over booleans as integers."""
import numpy as np


def pareto_mask(points, maximise):
    M, K = points.shape
    better = np.zeros((M, M), dtype=int)
    worse = np.zeros((M, M), dtype=int)
    for k in range(K):
        gt = np.greater.outer(points[:, k], points[:, k])
        lt = gt.T
        better += gt if maximise[k] else lt
        worse += lt if maximise[k] else gt
    dominates = (better >= 1) & (worse == 0)
    return np.einsum("ij->j", dominates.astype(int)) == 0
