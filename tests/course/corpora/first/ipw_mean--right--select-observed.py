"""Only the observed rows are looked at."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = np.asarray(observed) == 1
    w = 1.0 / np.maximum(propensity[seen], clip)
    total = np.sum(w * y[seen])
    if self_normalised:
        return total / np.sum(w)
    return total / len(y)
