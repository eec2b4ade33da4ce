"""Treats an error like a prediction and adds the mean as well (with an exception for an error of 0)."""
import numpy as np


def rmse_to_units(rmse_z, mean, scale):
    back = rmse_z * scale + mean
    return np.where(rmse_z == 0, 0.0, np.abs(back))
