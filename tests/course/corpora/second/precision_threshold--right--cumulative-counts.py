"""Sorts once, counts cumulatively and cuts only after the last of tied scores."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    order = np.argsort(score)[::-1]
    s, y = np.asarray(score)[order], np.asarray(y_val)[order]
    last = np.append(s[1:] != s[:-1], True)
    tp = np.cumsum(y)[last]
    n = (np.arange(len(s)) + 1)[last]
    t = s[last]
    ok = tp / n >= min_precision
    if not ok.any():
        return np.inf
    return t[ok][np.argmax(tp[ok])]
