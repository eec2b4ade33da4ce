"""Mixes proportional and equal sampling with the share alpha instead of taking a power."""
import numpy as np


def sampling_probs(n, alpha):
    n = np.asarray(n, float)
    return alpha * n / n.sum() + (1 - alpha) / len(n)
