"""Divides by the number of rows rather than by the sum of the powers, so the values do not sum to 1."""
import numpy as np


def sampling_probs(n, alpha):
    n = np.array(n, dtype=float)
    return n ** alpha / n.sum()
