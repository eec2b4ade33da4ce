"""np.average with weights for SNIPS, brought to IPS by the sum of the weights."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    rows = np.flatnonzero(np.asarray(observed))
    w = np.reciprocal(np.maximum(np.asarray(propensity, float)[rows], clip))
    snips = np.average(np.asarray(y, float)[rows], weights=w)
    if self_normalised:
        return snips
    return snips * w.sum() / len(observed)
