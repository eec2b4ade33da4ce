"""Adds the mean as if an error were a prediction."""
def rmse_to_units(rmse_z, mean, scale):
    return rmse_z * scale + mean
