"""Replaces every scale below 1e-8 by 1, also that of a column that varies in a small unit."""
import numpy as np


def fit_label_scaler(Y_train):
    Y = np.asarray(Y_train, dtype=np.float64)
    mean = Y.mean(axis=0)
    scale = Y.std(axis=0)
    scale = np.where(scale < 1e-8, 1.0, scale)
    return mean, scale
