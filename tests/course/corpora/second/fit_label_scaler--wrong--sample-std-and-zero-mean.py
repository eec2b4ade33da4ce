"""Divides by n - 1, and sets the mean of a constant column to 0."""
import numpy as np


def fit_label_scaler(Y_train):
    mean = Y_train.mean(axis=0)
    scale = Y_train.std(axis=0, ddof=1)
    const = np.ptp(Y_train, axis=0) == 0
    scale[const] = 1
    mean[const] = 0
    return mean, scale
