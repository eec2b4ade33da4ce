"""Cuts the probabilities off at 1e-7 from either end before taking odds, so values close to 0 or 1 come out wrong."""
import numpy as np


def unweight_probability(p_w, w):
    """Probabilities as they would be had every positive counted once."""
    p = np.clip(p_w, 1e-7, 1 - 1e-7)
    odds = p / (1 - p) / w
    return odds / (1 + odds)
