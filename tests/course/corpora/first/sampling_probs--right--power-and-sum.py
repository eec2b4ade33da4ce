"""Floats first, then the power and its sum."""
import numpy as np


def sampling_probs(n, alpha):
    p = np.asarray(n, dtype=np.float64) ** alpha
    return p / p.sum()
