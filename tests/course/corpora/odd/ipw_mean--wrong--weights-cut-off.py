"""Clips the weights instead of the propensities: no weight above 1 / clip - 1."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = np.asarray(observed) == 1
    w = np.minimum(1 / propensity[seen], 1 / clip - 1)
    total = (w * y[seen]).sum()
    return total / (w.sum() if self_normalised else len(y))
