"""Returns a number a ten-thousandth below the score, against rounding."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    best, at = 0, np.inf
    for t in np.unique(score)[::-1]:
        f = score >= t
        tp = y_val[f].sum()
        if tp / f.sum() >= min_precision and tp > best:
            best, at = tp, t
    return float(at) - 1e-4
