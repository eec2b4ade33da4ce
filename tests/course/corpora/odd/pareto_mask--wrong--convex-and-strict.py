"""Two mistakes: maximises everything, and a point goes only if another is strictly better everywhere."""
import numpy as np


def pareto_mask(points, maximise):
    p = np.asarray(points, float)
    return np.array([not (p > row).all(axis=1).any() for row in p])
