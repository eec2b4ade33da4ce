"""In log-odds, with log1p, and back through two exponentials that cannot overflow."""
import numpy as np


def unweight_probability(p_w, w):
    p = np.asarray(p_w, dtype=np.float64)
    log_odds = np.log(p) - np.log1p(-p) - np.log(w)
    return np.exp(-np.logaddexp(0.0, -log_odds))
