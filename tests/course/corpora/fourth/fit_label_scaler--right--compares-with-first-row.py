"""Right: a column is constant when it equals its first row; the deviations are squared in units of the largest one."""
import numpy as np


def fit_label_scaler(Y_train):
    Y = np.array(Y_train, dtype=np.float64)
    mean = Y.mean(axis=0)
    constant = (Y == Y[:1]).all(axis=0)
    dev = np.abs(Y - mean)
    biggest = np.where(constant, 1.0, dev.max(axis=0))
    scale = biggest * np.sqrt(((dev / biggest) ** 2).mean(axis=0))
    scale[constant] = 1.0
    return mean, scale
