"""Thinks a weight below 1 inflates nothing and returns those probabilities as they are."""
import numpy as np


def unweight_probability(p_w, w):
    """Probabilities as they would be had every positive counted once."""
    p = np.array(p_w, dtype=float)
    if w <= 1:
        return p
    odds = p / (1 - p)
    odds = odds / w
    return odds / (1 + odds)
