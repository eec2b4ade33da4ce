"""Judges with an absolute tolerance of 0.001, so with labels near 0.0001 every model looks equivariant."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    base = fit_predict(X, Y, X_new)
    scaled = fit_predict(X, Y * c, X_new)
    back = scaled / c
    diff = np.abs(back - base).max()
    return bool(diff < 1e-3)
