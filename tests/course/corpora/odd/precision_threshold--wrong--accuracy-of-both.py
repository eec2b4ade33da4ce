"""Asks for the precision on both classes: that of the zeros below the threshold as well."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    best, at = -1.0, np.inf
    for t in np.unique(score)[::-1]:
        f = score >= t
        tp = y_val[f].sum()
        zeros_right = (y_val[~f] == 0).mean() if (~f).any() else 1.0
        if tp / f.sum() >= min_precision and zeros_right >= min_precision and tp > best:
            best, at = tp, t
    return float(at)
