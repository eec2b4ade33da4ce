"""Judges every task's difference beside one spread taken over the labels of all tasks together."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    before = fit_predict(X, Y, X_new)
    after = fit_predict(X, Y * c, X_new) / c
    return bool(np.max(np.abs(after - before)) < 1e-6 * np.std(Y))
