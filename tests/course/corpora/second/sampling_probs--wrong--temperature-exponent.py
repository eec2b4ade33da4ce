"""Uses the exponent 1 / alpha, as for a temperature: the wrong way round, and an error at alpha = 0."""
import numpy as np


def sampling_probs(n, alpha):
    p = np.asarray(n, float) / np.sum(n)
    p = p ** (1 / alpha)
    return p / p.sum()
