"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("NumPy's variance")
def variance(Y):
    return np.var(Y, axis=0)


@alternative("residuals spelled out")
def residuals(Y):
    mean = Y.mean(axis=0, keepdims=True)
    return np.mean((Y - mean) ** 2, axis=0)


@alternative("loops over columns and rows; a list of Python floats")
def loops(Y):
    n, count = Y.shape
    losses = []
    for task in range(count):
        mean = sum(float(value) for value in Y[:, task]) / n
        losses.append(sum((float(value) - mean) ** 2 for value in Y[:, task]) / n)
    return losses


@alternative("E[y²] - E[y]² on centred data")
def centred_moments(Y):
    Y = np.asarray(Y, dtype=float) - np.asarray(Y, dtype=float)[0]
    return (Y**2).mean(0) - Y.mean(0) ** 2


@alternative("half the mean squared difference of all pairs of rows")
def pairs(Y):
    differences = Y[:, None, :] - Y[None, :, :]
    return 0.5 * np.square(differences).mean(axis=(0, 1))


@alternative("scikit-learn's dummy model and metric")
def dummy_model(Y):
    from sklearn.dummy import DummyRegressor
    from sklearn.metrics import mean_squared_error

    X = np.zeros((len(Y), 1))
    predictions = DummyRegressor(strategy="mean").fit(X, Y).predict(X).reshape(Y.shape)
    return mean_squared_error(Y, predictions, multioutput="raw_values")


@alternative("a torch tensor")
def in_torch(Y):
    import torch

    return torch.from_numpy(Y).var(dim=0, unbiased=False)
