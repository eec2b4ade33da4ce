"""Goes through the mean squared error and back."""
import numpy as np


def rmse_to_units(rmse_z, mean, scale):
    mse_z = np.asarray(rmse_z, dtype=float) ** 2
    mse = mse_z * np.asarray(scale, dtype=float) ** 2
    return np.sqrt(mse)
