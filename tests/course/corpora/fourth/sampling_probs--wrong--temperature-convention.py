"""Uses the temperature convention of the multilingual papers, n to the power 1/alpha."""
import numpy as np


def sampling_probs(n, alpha):
    p = np.asarray(n, dtype=float)
    p = p / p.sum()
    temperature = max(alpha, 1e-6)
    logits = np.log(p) / temperature
    logits -= logits.max()
    q = np.exp(logits)
    return q / q.sum()
