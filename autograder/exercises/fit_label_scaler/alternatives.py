"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("mean and std, the zeros replaced with np.where")
def array_methods(Y_train):
    scale = Y_train.std(axis=0)
    return Y_train.mean(axis=0), np.where(scale == 0, 1.0, scale)


@alternative("scikit-learn's StandardScaler; an array with two rows")
def standard_scaler(Y_train):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(Y_train)
    return np.stack([scaler.mean_, scaler.scale_])


@alternative("loops over columns; lists of Python floats")
def loops(Y_train):
    means, scales = [], []
    for column in Y_train.T.tolist():
        mean = sum(column) / len(column)
        variance = sum((value - mean) ** 2 for value in column) / len(column)
        means.append(mean)
        scales.append(variance**0.5 or 1.0)
    return [means, scales]


@alternative("the constant columns found by comparing rows")
def compares_rows(Y_train):
    mean = np.einsum("nt->t", Y_train.astype(float)) / len(Y_train)
    scale = np.linalg.norm(Y_train - mean, axis=0) / np.sqrt(len(Y_train))
    scale[np.ptp(Y_train, axis=0) == 0] = 1
    return mean, scale


@alternative("torch tensors")
def in_torch(Y_train):
    import torch

    labels = torch.from_numpy(Y_train)
    variance, mean = torch.var_mean(labels, dim=0, correction=0)
    return mean, variance.sqrt().masked_fill(variance == 0, 1.0)


@alternative("a threshold far below any real unit")
def threshold(Y_train):
    mean, scale = np.mean(Y_train, axis=0), np.std(Y_train, axis=0)
    scale[scale < 1e-12] = 1.0
    return mean, scale
