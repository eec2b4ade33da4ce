"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("one product")
def product(rmse_z, mean, scale):
    return rmse_z * scale


@alternative("a loop; a list of Python floats")
def loop(rmse_z, mean, scale):
    return [float(error) * float(factor) for error, factor in zip(rmse_z, scale)]


@alternative("by way of the mean squared error")
def through_the_mse(rmse_z, mean, scale):
    return np.sqrt(np.square(rmse_z, dtype=float) * np.square(scale, dtype=float))


@alternative("the distance between two values that are rmse_z apart, each brought back")
def difference_of_two_values(rmse_z, mean, scale):
    def back(z):
        return np.asarray(z, float) * np.asarray(scale, float)

    return np.abs(back(2 * np.asarray(rmse_z, float)) - back(rmse_z))


@alternative("error and zero brought back with the mean, and subtracted")
def back_and_subtract(rmse_z, mean, scale):
    return (rmse_z * scale + mean) - (0 * scale + mean)


@alternative("measured: labels and predictions that are rmse_z apart, brought back, and their RMSE")
def measured(rmse_z, mean, scale):
    z = np.zeros((2, len(rmse_z)), rmse_z.dtype)
    off = z + np.stack([rmse_z, -rmse_z])
    return np.sqrt(np.mean(((off * scale + mean) - (z * scale + mean)) ** 2, axis=0))


@alternative("scikit-learn's scaler with the mean switched off")
def scaler_without_mean(rmse_z, mean, scale):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler(with_mean=False)
    scaler.scale_, scaler.n_features_in_ = np.asarray(scale, float), len(scale)
    return scaler.inverse_transform(np.asarray(rmse_z, float)[None])[0]


@alternative("a diagonal matrix, in torch")
def diagonal(rmse_z, mean, scale):
    import torch

    return torch.diag(torch.as_tensor(scale)) @ torch.as_tensor(rmse_z)
