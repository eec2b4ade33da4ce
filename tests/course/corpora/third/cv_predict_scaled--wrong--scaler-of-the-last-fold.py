"""Brings all predictions back with the scaler of the last fold, which is sample-based at that (divisor n - 1)."""
import numpy as np


def cv_predict_scaled(fit_predict, X, Y, splits):
    out = np.zeros(Y.shape)
    for train, test in splits:
        mu = Y[train].mean(axis=0)
        sd = Y[train].std(axis=0, ddof=1)
        sd = np.where(sd < 1e-12, 1.0, sd)
        out[test] = fit_predict(X[train], (Y[train] - mu) / sd, X[test])
    return out * sd + mu
