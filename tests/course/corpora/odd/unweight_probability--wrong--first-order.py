"""Uses the approximation p / (p + w (1 - p)) only where p is small, and p elsewhere."""
import numpy as np


def unweight_probability(p_w, w):
    return np.where(p_w < 0.5, p_w / (p_w + w * (1 - p_w)), p_w)
