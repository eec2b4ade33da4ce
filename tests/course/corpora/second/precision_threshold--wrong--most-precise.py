"""Returns the threshold with the highest precision instead of the highest recall."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    ts = np.unique(score)
    precisions = np.array([y_val[score >= t].mean() for t in ts])
    if precisions.max() < min_precision:
        return np.inf
    return ts[precisions.argmax()]
