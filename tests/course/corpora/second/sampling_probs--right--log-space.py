"""In logs, shifted by the largest."""
import numpy as np


def sampling_probs(n, alpha):
    z = alpha * np.log(np.asarray(n, dtype=float))
    z -= z.max()
    e = np.exp(z)
    return e / e.sum()
