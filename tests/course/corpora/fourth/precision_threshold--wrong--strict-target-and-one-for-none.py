"""Two mistakes: asks for a precision above the target instead of at least it, and returns 1.0 where no threshold qualifies."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    """The threshold with the most recall among those that reach the precision."""
    y = np.asarray(y_val)
    score = np.asarray(score)
    best_t, best_recall = 1.0, 0.0
    for t in np.sort(np.unique(score))[::-1]:
        pred = score >= t
        tp = (pred & (y == 1)).sum()
        precision = tp / pred.sum()
        recall = tp / (y == 1).sum()
        if precision > min_precision and recall > best_recall:
            best_t, best_recall = float(t), recall
    return best_t
