"""Where two thresholds have the same recall it returns the lower one, and 1.0 instead of infinity if none is good."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    candidates = []
    for t in np.unique(score):
        pred = (score >= t).astype(int)
        tp = ((pred == 1) & (y_val == 1)).sum()
        fp = ((pred == 1) & (y_val == 0)).sum()
        if tp / (tp + fp) >= min_precision:
            candidates.append(t)
    if not candidates:
        return 1.0
    return min(candidates)
