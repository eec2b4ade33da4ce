"""Brings back a label of rmse_z and a label of 0 without the mean, and returns their distance."""
import numpy as np


def rmse_to_units(rmse_z, mean, scale):
    return np.fromiter((abs(s * e - s * 0.0) for e, s in zip(rmse_z, scale)), dtype=np.result_type(rmse_z, scale))
