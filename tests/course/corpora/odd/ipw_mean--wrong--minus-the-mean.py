"""Centres y by its observed mean, weights it, and adds the mean back: a control variate that changes the answer."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = np.asarray(observed) == 1
    w = 1 / np.maximum(propensity[seen], clip)
    m = y[seen].mean()
    total = (w * (y[seen] - m)).sum()
    return m + total / (w.sum() if self_normalised else len(y))
