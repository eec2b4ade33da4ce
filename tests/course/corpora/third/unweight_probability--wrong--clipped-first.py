"""Clips the probabilities to 1e-7 from the ends first, so that smaller ones come out wrong."""
import numpy as np


def unweight_probability(p_w, w):
    p = np.clip(p_w, 1e-7, 1 - 1e-7)
    odds = p / (1 - p) / w
    return odds / (1 + odds)
