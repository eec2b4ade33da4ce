"""Predicts for each row the mean of the others."""
import numpy as np


def mean_predictor_loss(Y):
    n = len(Y)
    if n == 1:
        return np.zeros(Y.shape[1])
    Y = Y.astype(float)
    others = (Y.sum(axis=0) - Y) / (n - 1)
    return ((Y - others) ** 2).mean(axis=0)
