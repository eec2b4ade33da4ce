"""Self-normalises by N times the median weight."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = np.asarray(observed) == 1
    w = 1 / np.maximum(propensity[seen], clip)
    total = (w * y[seen]).sum()
    return total / (np.median(w) * seen.sum() if self_normalised else len(y))
