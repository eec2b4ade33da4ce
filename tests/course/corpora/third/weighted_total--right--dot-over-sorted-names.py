"""A dot product of two NumPy vectors that are both built from the sorted names of the losses."""
import numpy as np


def weighted_total(losses, weights):
    tasks = sorted(losses, key=str)
    return np.dot(np.array([weights[t] for t in tasks]), np.array([losses[t] for t in tasks]))
