"""Both predictions in units of the label spread, then one allclose."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    s = Y.std(axis=0)
    s = np.where(s > 0, s, 1.0)
    pred_raw = fit_predict(X, Y, X_new) / s
    pred_new = fit_predict(X, Y * np.asarray(c), X_new) / (s * c)
    gap = pred_new - pred_raw
    return bool(np.allclose(gap, 0, atol=1e-4))
