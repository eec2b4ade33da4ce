"""Searches the threshold by bisection as if precision only rose with it, and returns the highest score where none reaches the target."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    s = np.unique(score)

    def precision(t):
        return y_val[score >= t].mean()

    lo, hi = 0, len(s) - 1
    while lo < hi:
        mid = (lo + hi) // 2
        if precision(s[mid]) >= min_precision:
            hi = mid
        else:
            lo = mid + 1
    return s[lo]
