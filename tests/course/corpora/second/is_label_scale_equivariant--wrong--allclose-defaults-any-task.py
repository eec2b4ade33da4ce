"""One task that agrees is enough (any instead of all), and isclose judges beside the label's level, not its spread."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    a = fit_predict(X, Y, X_new) * c
    b = fit_predict(X, Y * c, X_new)
    same_task = np.isclose(a, b).all(axis=0)
    return bool(same_task.any())
