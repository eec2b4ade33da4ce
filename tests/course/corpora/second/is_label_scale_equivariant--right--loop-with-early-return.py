"""A loop over the tasks with an early return, compared in the new units."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    expected = fit_predict(X, Y, X_new) * c
    got = fit_predict(X, Y * c, X_new)
    for t in range(Y.shape[1]):
        size = np.std(Y[:, t]) * c[t]
        worst = np.max(np.abs(got[:, t] - expected[:, t]))
        if worst > 1e-6 * size:
            return False
    return True
