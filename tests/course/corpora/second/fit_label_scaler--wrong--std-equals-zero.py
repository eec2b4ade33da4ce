"""Looks for a standard deviation of exactly 0, which rounding misses for a column of equal labels such as 0.1."""
import numpy as np


def fit_label_scaler(Y_train):
    mean = np.mean(Y_train, axis=0)
    scale = np.std(Y_train, axis=0)
    scale = np.where(scale == 0, 1.0, scale)
    return mean, scale
