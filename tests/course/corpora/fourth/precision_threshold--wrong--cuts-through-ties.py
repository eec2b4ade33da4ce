"""Reads precision and recall in the middle of a group of tied scores, as if row k could be taken without its ties."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    """The threshold with the most recall among those that reach the precision."""
    y = np.asarray(y_val)
    s = np.asarray(score)
    order = np.argsort(-s, kind="stable")
    y, s = y[order], s[order]
    tp = np.cumsum(y)
    precision = tp / np.arange(1, len(y) + 1)
    recall = tp / y.sum()
    ok = precision >= min_precision
    if not ok.any():
        return np.inf
    recall = np.where(ok, recall, -1)
    return float(s[np.argmax(recall)])
