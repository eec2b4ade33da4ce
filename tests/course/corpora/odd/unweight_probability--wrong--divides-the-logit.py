"""Divides the logit by w instead of taking log w off."""
import numpy as np


def unweight_probability(p_w, w):
    z = np.log(p_w) - np.log1p(-p_w)
    return 1 / (1 + np.exp(-z / w))
