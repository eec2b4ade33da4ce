"""Through the odds and back."""
import numpy as np


def unweight_probability(p_w, w):
    p = np.asarray(p_w, dtype=np.float64)
    odds = p / (1 - p) / w
    return odds / (1 + odds)
