"""The exponentially smoothed multinomial of multilingual training: normalise, raise, normalise."""
import numpy as np


def sampling_probs(n, alpha):
    p = np.asarray(n) / np.sum(n)
    q = p ** alpha
    return q / q.sum()
