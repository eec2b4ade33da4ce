"""Picks with max and a key of recall and threshold."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    y = np.asarray(y_val).astype(bool)

    def tp(t):
        return int(np.sum(y & (score >= t)))

    def precise(t):
        return tp(t) / np.sum(score >= t) >= min_precision

    ok = [t for t in np.unique(score) if precise(t)]
    return max(ok, key=lambda t: (tp(t), t)) if ok else np.inf
