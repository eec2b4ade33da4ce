"""Returns the threshold with the best F1 among those that reach the precision."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    best, at = -1.0, np.inf
    for t in np.unique(score)[::-1]:
        flagged = score >= t
        tp = y_val[flagged].sum()
        precision, recall = tp / flagged.sum(), tp / y_val.sum()
        f1 = 2 * precision * recall / (precision + recall) if tp else 0.0
        if precision >= min_precision and f1 > best:
            best, at = f1, t
    return float(at)
