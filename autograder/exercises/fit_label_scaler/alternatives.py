"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("mean and std, the scale of constant columns replaced with np.where")
def array_methods(Y_train):
    constant = Y_train.max(axis=0) == Y_train.min(axis=0)
    return Y_train.mean(axis=0), np.where(constant, 1.0, Y_train.std(axis=0))


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
        scales.append(variance**0.5 if len(set(column)) > 1 else 1.0)
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
    return mean, variance.sqrt().masked_fill((labels == labels[0]).all(dim=0), 1.0)


@alternative("distances from the first row, which are exactly 0 for a constant label")
def distances_from_the_first_row(Y_train):
    distance = (Y_train - Y_train[0]).astype(float)
    scale = distance.std(axis=0)
    return Y_train[0] + distance.mean(axis=0), scale + (scale == 0)


@alternative("exact arithmetic of the statistics module")
def exact_fractions(Y_train):
    from statistics import fmean, pstdev

    columns = Y_train.T.tolist()
    return tuple(fmean(column) for column in columns), tuple(pstdev(column) or 1.0 for column in columns)
