"""Right answers that look nothing alike."""

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.compose import TransformedTargetRegressor
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import StandardScaler

from autograder.testing import alternative


@alternative("scale, fit, bring back, fold by fold")
def by_hand(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale[scale == 0] = 1.0
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@alternative("scikit-learn's StandardScaler, a fresh one a fold")
def standard_scaler(fit_predict, X, Y, splits):
    rows, predictions = [], []
    for train, test in splits:
        scaler = StandardScaler().fit(Y[train])
        predictions.append(scaler.inverse_transform(fit_predict(X[train], scaler.transform(Y[train]), X[test])))
        rows.append(test)
    return np.concatenate(predictions)[np.argsort(np.concatenate(rows))]


@alternative("TransformedTargetRegressor inside cross_val_predict")
def transformed_target_regressor(fit_predict, X, Y, splits):
    class Wrapped(RegressorMixin, BaseEstimator):
        def fit(self, X, y):
            self.X_, self.y_ = X, y.reshape(len(y), -1)
            return self

        def predict(self, X):
            return fit_predict(self.X_, self.y_, X)

    model = TransformedTargetRegressor(regressor=Wrapped(), transformer=StandardScaler())
    return cross_val_predict(model, X, Y, cv=splits).reshape(Y.shape)


@alternative("one row at a time; lists of Python floats")
def row_by_row(fit_predict, X, Y, splits):
    out = [None] * len(Y)
    for train, test in splits:
        mean = [float(np.mean(column)) for column in Y[train].T]
        scale = [float(np.std(column)) or 1.0 for column in Y[train].T]
        labels = [[(y - m) / s for y, m, s in zip(row, mean, scale)] for row in Y[train].tolist()]
        for row in test:
            (z,) = fit_predict(X[train], np.array(labels), X[row : row + 1])
            out[row] = [m + s * float(value) for value, m, s in zip(z, mean, scale)]
    return out


@alternative("boolean masks and a sum over the folds")
def sum_over_folds(fit_predict, X, Y, splits):
    total = np.zeros(Y.shape)
    for train, test in splits:
        seen = Y[np.sort(train)].astype(float)
        mean = seen.mean(0)
        scale = np.sqrt(((seen - mean) ** 2).mean(0))
        scale = scale + (scale == 0)
        part = np.zeros(Y.shape)
        part[test] = mean + scale * fit_predict(X[np.sort(train)], (seen - mean) / scale, X[test])
        total += part
    return total
