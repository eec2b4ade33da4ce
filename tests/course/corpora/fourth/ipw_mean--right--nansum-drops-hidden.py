"""Right: a weight of 0 makes a hidden NaN or infinity NaN, and nansum leaves it out."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    w = np.asarray(observed, dtype=float) / np.maximum(propensity, clip)
    with np.errstate(invalid="ignore"):
        total = np.nansum(w * y)
    return float(total / (w.sum() if self_normalised else len(w)))
