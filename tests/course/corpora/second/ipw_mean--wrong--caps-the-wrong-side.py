"""Takes the smaller of propensity and clip, and never divides by the number of rows."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    obs = np.asarray(observed).astype(bool)
    w = 1 / np.minimum(propensity[obs], clip)
    est = np.sum(w * y[obs])
    if self_normalised:
        est = est / np.sum(w)
    return est
