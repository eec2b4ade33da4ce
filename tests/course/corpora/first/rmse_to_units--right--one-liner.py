"""One product; the mean is not used."""
def rmse_to_units(rmse_z, mean, scale):
    return scale * rmse_z
