"""Right: pure Python comprehension over pairs."""
import numpy as np


def rmse_to_units(rmse_z, mean, scale):
    return np.array([float(r) * float(s) for r, s in zip(rmse_z, scale)])
