"""Demands equality to the last bit, so floating-point noise makes an equivariant model fail."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    return np.array_equal(fit_predict(X, Y * c, X_new), fit_predict(X, Y, X_new) * c)
