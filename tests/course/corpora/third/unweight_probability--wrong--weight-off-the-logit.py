"""Subtracts w itself from the log-odds instead of its logarithm."""
import numpy as np


def unweight_probability(p_w, w):
    logit = np.log(p_w / (1 - p_w))
    return 1 / (1 + np.exp(-(logit - w)))
