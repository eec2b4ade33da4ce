"""Looks at the median difference over the new rows, so that a single row does not count."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    a = fit_predict(X, Y, X_new)
    b = fit_predict(X, Y * c, X_new) / c
    return bool((np.median(np.abs(a - b), axis=0) <= 1e-6 * Y.std(axis=0)).all())
