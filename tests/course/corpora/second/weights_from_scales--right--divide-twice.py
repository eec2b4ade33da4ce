"""Divides one by the scale twice, in a list."""
import numpy as np


def weights_from_scales(scales):
    return np.array([1 / float(s) / float(s) for s in scales])
