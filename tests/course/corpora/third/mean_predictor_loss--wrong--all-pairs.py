"""Averages the squared differences of all pairs of rows, which is twice the variance."""
import numpy as np


def mean_predictor_loss(Y):
    n, T = Y.shape
    total = np.zeros(T)
    for i in range(n):
        for j in range(n):
            total += (Y[i] - Y[j]) ** 2
    return total / n**2
