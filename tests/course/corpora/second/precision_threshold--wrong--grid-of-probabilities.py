"""Tries a grid between 0 and 1 instead of the observed scores, which fails for logits and returns other numbers."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    best, best_recall = np.inf, 0
    for t in np.linspace(0, 1, 101):
        pred = score >= t
        if not pred.any():
            continue
        tp = np.sum(y_val[pred])
        if tp / pred.sum() >= min_precision and tp >= best_recall:
            best, best_recall = t, tp
    return best
