"""Tries every observed score from the top and keeps a strictly better recall."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    best_t, best_tp = np.inf, 0
    for t in np.unique(score)[::-1]:
        taken = score >= t
        tp = int(y_val[taken].sum())
        if tp / int(taken.sum()) >= min_precision and tp > best_tp:
            best_t, best_tp = float(t), tp
    return best_t
