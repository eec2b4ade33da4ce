"""Cuts the sorted list anywhere, also between tied scores, so a tied threshold is credited with too few rows."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    order = np.argsort(-score, kind="stable")
    y_sorted = y_val[order]
    s_sorted = score[order]
    tp = np.cumsum(y_sorted)
    prec = tp / np.arange(1, len(y_sorted) + 1)
    ok = np.where(prec >= min_precision)[0]
    if len(ok) == 0:
        return np.inf
    best = ok[np.argmax(tp[ok])]
    return s_sorted[best]
