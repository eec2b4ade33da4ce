"""Lets equal points dominate each other, so both copies disappear."""
import numpy as np


def pareto_mask(points, maximise):
    sign = np.array([1 if m else -1 for m in maximise])
    q = points * sign
    M = q.shape[0]
    mask = np.ones(M, dtype=bool)
    for i in range(M):
        for j in range(M):
            if i == j:
                continue
            if (q[j] >= q[i]).all():
                mask[i] = False
    return mask
