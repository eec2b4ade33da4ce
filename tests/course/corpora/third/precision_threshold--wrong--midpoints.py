"""Tries the midpoints between neighbouring scores, so that the answer is usually not an observed score."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    s = np.unique(score)
    mids = (s[1:] + s[:-1]) / 2
    candidates = np.concatenate([[s[0]], mids])
    best_t, best_recall = np.inf, -1
    for t in candidates[::-1]:
        chosen = score >= t
        tp = y_val[chosen].sum()
        recall = tp / y_val.sum()
        if tp / chosen.sum() >= min_precision and recall > best_recall:
            best_t, best_recall = t, recall
    return best_t
