"""Residuals in float64, then the mean of their squares."""
import numpy as np


def mean_predictor_loss(Y):
    Y64 = np.asarray(Y, dtype=np.float64)
    resid = Y64 - Y64.mean(axis=0)
    return (resid * resid).mean(axis=0)
