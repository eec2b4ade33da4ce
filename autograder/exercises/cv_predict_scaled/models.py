"""The models that the answer fits in every fold. All but the first notice how their labels were scaled."""

import numpy as np

from autograder.testing import Lent


def least_squares(X, Y, X_new):
    """A linear model with an intercept."""
    return _with_one(X_new) @ (np.linalg.pinv(_with_one(X)) @ Y)


def squashed(X, Y, X_new):
    """A linear model of tanh of the labels it is given."""
    return least_squares(X, np.tanh(Y), X_new)


def bent(X, Y, X_new):
    """The label of the nearest training row, plus a tenth of its square, plus a tenth."""
    distance = ((X_new[:, None, :] - X[None, :, :]) ** 2).sum(axis=2)
    nearest = Y[distance.argmin(axis=1)]
    return nearest + 0.1 * nearest**2 + 0.1


def _with_one(X):
    return np.column_stack([X, np.ones(len(X))])


MODELS = {model.__name__: model for model in (least_squares, squashed, bent)}


def lent(model):
    """One of the models as the answer is handed it: under one name, and to be called, not to be seen."""

    def fit_predict(X, Y, X_new):
        tables = [np.asarray(table, float) for table in (X, Y, X_new)]
        if max(table.ndim for table in tables) > 2:
            raise ValueError("a table has rows and columns")
        if not np.isfinite(tables[0]).all():
            raise ValueError("a feature is missing or infinite")  # LAPACK would print it where our own output goes
        return MODELS[model](*tables)

    return Lent("fit_predict", fit_predict, ("X", "Y", "X_new"), most=4096)
