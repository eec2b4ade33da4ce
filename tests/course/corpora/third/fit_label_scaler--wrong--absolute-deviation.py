"""Returns the mean absolute deviation instead of the standard deviation, and a mean of 0 for a constant column."""
import numpy as np


def fit_label_scaler(Y_train):
    mean = Y_train.mean(axis=0)
    scale = np.abs(Y_train - mean).mean(axis=0)
    constant = (Y_train == Y_train[0]).all(axis=0)
    scale[constant] = 1
    mean[constant] = 0
    return mean, scale
