"""Clips the propensities from above too, at 1 - clip, so that rows that are nearly always seen get too much weight."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    p = np.clip(propensity, clip, 1 - clip)
    rows = observed == 1
    w = 1 / p[rows]
    total = np.sum(w * y[rows])
    if self_normalised:
        return total / np.sum(w)
    return total / len(y)
