"""Right: works on log-odds, subtracts log w and comes back with a stable sigmoid."""
import numpy as np


def unweight_probability(p_w, w):
    """Probabilities as they would be had every positive counted once."""
    p = np.asarray(p_w, dtype=np.float64)
    z = np.log(p) - np.log1p(-p) - np.log(float(w))
    return np.exp(-np.logaddexp(0.0, -z))
