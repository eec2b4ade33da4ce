"""Multiplies the unobserved y by 0, which leaves a NaN a NaN."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    w = observed / np.maximum(propensity, clip)
    if self_normalised:
        return np.sum(w * y) / np.sum(w)
    return np.sum(w * y) / len(y)
