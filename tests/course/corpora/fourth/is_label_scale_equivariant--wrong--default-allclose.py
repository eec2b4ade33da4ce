"""Uses np.allclose with its default tolerances, which go by the size of the prediction and not by the spread of the labels."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    before = fit_predict(X, Y, X_new)
    after = fit_predict(X, Y * c, X_new)
    return bool(np.allclose(after, before * c))
