"""SNIPS divides by the weights of all rows, the unobserved ones too."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    w = 1 / np.clip(propensity, clip, None)
    num = (np.where(observed, y, 0) * observed * w).sum()
    if self_normalised:
        return num / w.sum()
    return num / len(w)
