"""Brings the predictions back and compares the difference with the spread of each task."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    old = fit_predict(X, Y, X_new)
    new = fit_predict(X, Y * c, X_new) / c
    spread = Y.max(axis=0) - Y.min(axis=0)
    return bool(np.all(np.abs(new - old) <= 1e-5 * spread))
