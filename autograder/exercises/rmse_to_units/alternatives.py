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


@alternative("a diagonal matrix, in torch")
def diagonal(rmse_z, mean, scale):
    import torch

    return torch.diag(torch.as_tensor(scale)) @ torch.as_tensor(rmse_z)
