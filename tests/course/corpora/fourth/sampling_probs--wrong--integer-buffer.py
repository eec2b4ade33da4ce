"""Writes the powers into an array like n, so that whole-number inputs cut them off to integers."""
import numpy as np


def sampling_probs(n, alpha):
    n = np.asarray(n)
    powers = np.zeros_like(n)
    for t in range(len(n)):
        powers[t] = n[t] ** alpha
    return powers / powers.sum()
