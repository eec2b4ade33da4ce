"""Calls a point dominated if another has a better mean rank and a better first objective."""
import numpy as np


def pareto_mask(points, maximise):
    p = np.where(maximise, points, -np.asarray(points, float))
    rank = p.argsort(0).argsort(0).mean(1)
    return np.array([not ((rank > rank[i]) & (p[:, 0] >= p[i, 0])).any() for i in range(len(p))])
