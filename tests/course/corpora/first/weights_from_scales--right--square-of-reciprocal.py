"""NumPy, the reciprocal squared."""
import numpy as np


def weights_from_scales(scales):
    return np.square(1.0 / np.asarray(scales))
