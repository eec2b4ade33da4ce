"""Finds constant columns by comparing every row with the first one."""
import numpy as np


def fit_label_scaler(Y_train):
    Y = np.array(Y_train, dtype=float)
    mean = Y.mean(axis=0)
    scale = np.sqrt(((Y - mean) ** 2).mean(axis=0))
    constant = (Y == Y[0]).all(axis=0)
    scale[constant] = 1.0
    return mean, scale
