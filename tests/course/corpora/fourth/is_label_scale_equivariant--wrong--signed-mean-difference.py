"""Averages the signed differences over the new rows, so that errors of opposite sign cancel."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    p_old = fit_predict(X, Y, X_new)
    p_new = fit_predict(X, Y * c, X_new) / c
    gap = np.abs((p_new - p_old).mean(axis=0))
    return bool(np.all(gap < 1e-5 * Y.std(axis=0)))
