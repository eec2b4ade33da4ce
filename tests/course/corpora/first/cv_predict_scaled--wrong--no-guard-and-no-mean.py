"""Divides a constant label by 0, and forgets to add the mean back to the predictions."""
import numpy as np


def cv_predict_scaled(fit_predict, X, Y, splits):
    result = np.empty_like(Y, dtype=float)
    for train, test in splits:
        mean = np.mean(Y[train], axis=0)
        std = np.std(Y[train], axis=0)
        Yz = (Y[train] - mean) / std
        result[test] = fit_predict(X[train], Yz, X[test]) * std
    return result
