"""Asks whether the two sets of predictions are perfectly correlated, task by task."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    a = fit_predict(X, Y, X_new)
    b = fit_predict(X, Y * c, X_new) / c
    ok = True
    for t in range(a.shape[1]):
        u, v = a[:, t] - a[:, t].mean(), b[:, t] - b[:, t].mean()
        n = np.sqrt((u @ u) * (v @ v))
        ok = ok and (n == 0 or u @ v / n > 1 - 1e-9)
    return bool(ok)
