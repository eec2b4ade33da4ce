"""Right: NumPy, one sort and cumulated counts, read only at the last row of each group of tied scores."""
import numpy as np


def precision_threshold(y_val, score, min_precision):
    """The threshold with the most recall among those that reach the precision."""
    y_val = np.asarray(y_val)
    score = np.asarray(score)
    order = np.argsort(-score.astype(float), kind="stable")
    s = score[order]
    hits = np.cumsum(y_val[order].astype(int))
    taken = np.arange(1, len(s) + 1)
    last_of_group = np.append(s[1:] != s[:-1], True)
    s, hits, taken = s[last_of_group], hits[last_of_group], taken[last_of_group]
    good = hits / taken >= min_precision
    if not good.any():
        return np.inf
    best = hits[good].max()
    first = np.flatnonzero(good & (hits == best))[0]
    return s[first]
