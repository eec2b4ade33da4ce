"""Scales the squared error by the scale instead of its square, so that the error grows only with the root of the scale."""
import numpy as np


def rmse_to_units(rmse_z, mean, scale):
    mse_z = rmse_z**2
    mse = mse_z * scale
    return np.sqrt(mse)
