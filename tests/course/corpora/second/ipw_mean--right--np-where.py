"""np.where keeps the unobserved values out, weights 0 for them."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    o = np.asarray(observed, dtype=bool)
    w = np.where(o, 1 / np.clip(propensity, clip, 1.0), 0.0)
    y0 = np.where(o, y, 0.0)
    denom = w.sum() if self_normalised else o.shape[0]
    return float((w * y0).sum() / denom)
