"""Uses log(1 + n) to the power alpha."""
import numpy as np


def sampling_probs(n, alpha):
    p = np.log1p(np.asarray(n, float)) ** alpha
    return p / p.sum()
