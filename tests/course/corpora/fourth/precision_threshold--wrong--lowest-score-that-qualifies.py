"""Returns the lowest threshold that reaches the precision; where two have the same recall the higher one is asked for."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    """The threshold with the most recall among those that reach the precision."""
    y_val = np.asarray(y_val)
    score = np.asarray(score)
    best = np.inf
    # a lower threshold never has a lower recall, so the lowest one that qualifies is the best
    for t in np.unique(score):
        taken = score >= t
        precision = y_val[taken].sum() / taken.sum()
        if precision >= min_precision:
            best = min(best, float(t))
    return best
