"""Asks whether the predictions stay the same number although the labels changed their unit; never scales by c."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    p_before = fit_predict(X, Y, X_new)
    p_after = fit_predict(X, Y * c, X_new)
    return bool(np.allclose(p_before, p_after))
