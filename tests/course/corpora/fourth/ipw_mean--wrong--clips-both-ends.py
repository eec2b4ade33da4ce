"""Clips the propensity from above too (to 1 - clip), although one above clip stays as it is."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    p = np.clip(propensity, clip, max(clip, 1 - clip))
    seen = np.asarray(observed) == 1
    w = 1.0 / p[seen]
    total = np.sum(w * np.asarray(y)[seen])
    if self_normalised:
        return total / np.sum(w)
    return total / len(p)
