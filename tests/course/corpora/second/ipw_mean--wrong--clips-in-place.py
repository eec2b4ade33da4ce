"""Writes the clipped values into the caller's propensities."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    propensity[propensity < clip] = clip
    idx = np.flatnonzero(observed)
    w = 1 / propensity[idx]
    s = np.dot(w, y[idx])
    return s / w.sum() if self_normalised else s / y.size
