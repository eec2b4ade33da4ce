"""Predicts with score > t instead of >=, and asks for more than the target precision."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    best_t = np.inf
    best_r = -1
    for t in np.sort(np.unique(score))[::-1]:
        yhat = score > t
        if yhat.sum() == 0:
            continue
        prec = (yhat & (y_val == 1)).sum() / yhat.sum()
        rec = (yhat & (y_val == 1)).sum() / y_val.sum()
        if prec > min_precision and rec > best_r:
            best_t, best_r = t, rec
    return best_t
