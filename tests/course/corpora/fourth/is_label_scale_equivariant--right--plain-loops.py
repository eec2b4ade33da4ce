"""Right: verbose loops over tasks and new rows, each task judged by its own spread."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    factors = np.asarray(c, dtype=np.float64)
    old_units = np.asarray(fit_predict(X, Y, X_new))
    new_units = np.asarray(fit_predict(X, Y * factors, X_new))
    number_of_rows, number_of_tasks = old_units.shape
    for t in range(number_of_tasks):
        labels = np.asarray(Y[:, t], dtype=np.float64)
        spread = np.std(labels)
        tolerance = 1e-5 * spread
        for i in range(number_of_rows):
            brought_back = float(new_units[i, t]) / float(factors[t])
            difference = abs(brought_back - float(old_units[i, t]))
            if not difference <= tolerance:
                return False
    return True
