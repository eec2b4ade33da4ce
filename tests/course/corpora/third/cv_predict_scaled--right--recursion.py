"""Recursion over the list of folds, each call fills its own rows of one array."""
import numpy as np


def cv_predict_scaled(fit_predict, X, Y, splits):
    answer = np.full(Y.shape, np.nan, dtype=np.float64)

    def go(rest):
        if not rest:
            return answer
        (train, test), *others = rest
        labels = Y[train].astype(np.float64)
        centre = labels.mean(axis=0)
        width = np.sqrt(((labels - centre) ** 2).mean(axis=0))
        width[np.max(labels, axis=0) == np.min(labels, axis=0)] = 1.0
        answer[test] = centre + width * fit_predict(X[train], (labels - centre) / width, X[test])
        return go(others)

    return go(list(splits))
