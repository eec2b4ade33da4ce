"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("scale, fit, bring back, fold by fold")
def by_hand(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale[np.ptp(Y[train], axis=0) == 0] = 1.0
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@alternative("scikit-learn's StandardScaler, a fresh one a fold")
def standard_scaler(fit_predict, X, Y, splits):
    from sklearn.preprocessing import StandardScaler

    rows, predictions = [], []
    for train, test in splits:
        scaler = StandardScaler().fit(Y[train])
        predictions.append(scaler.inverse_transform(fit_predict(X[train], scaler.transform(Y[train]), X[test])))
        rows.append(test)
    return np.concatenate(predictions)[np.argsort(np.concatenate(rows))]


@alternative("TransformedTargetRegressor inside cross_val_predict")
def transformed_target_regressor(fit_predict, X, Y, splits):
    from sklearn.base import BaseEstimator, RegressorMixin
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.model_selection import cross_val_predict
    from sklearn.preprocessing import StandardScaler

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
        scale = [float(np.std(column)) if len(set(column)) > 1 else 1.0 for column in Y[train].T]
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
        scale = np.where((seen == seen[0]).all(0), 1.0, np.sqrt(((seen - mean) ** 2).mean(0)))
        part = np.zeros(Y.shape)
        part[test] = mean + scale * fit_predict(X[np.sort(train)], (seen - mean) / scale, X[test])
        total += part
    return total


@alternative("a scaler of its own: fit, transform, inverse transform")
def own_scaler(fit_predict, X, Y, splits):
    class Scaler:
        def __init__(self, labels):
            self.mean = np.add.reduce(labels, axis=0, dtype=float) / len(labels)
            self.scale = np.array([np.std(one) if np.unique(one).size > 1 else 1.0 for one in labels.T])

        def transform(self, labels):
            return np.divide(labels - self.mean, self.scale)

        def inverse_transform(self, z):
            return np.multiply(z, self.scale) + self.mean

    rows = {}
    for train, test in splits:
        scaler = Scaler(Y[train])
        predicted = scaler.inverse_transform(fit_predict(X[train], scaler.transform(Y[train]), X[test]))
        rows.update(zip(test.tolist(), predicted.tolist()))
    return [rows[row] for row in range(len(Y))]


@alternative("torch tensors, written with index_copy_")
def in_torch(fit_predict, X, Y, splits):
    import torch

    labels, out = torch.as_tensor(Y, dtype=torch.float64), torch.zeros(Y.shape, dtype=torch.float64)
    for train, test in splits:
        seen = labels[torch.as_tensor(train)]
        varies = seen.amax(0) > seen.amin(0)
        mean, scale = seen.mean(0), torch.where(varies, seen.std(0, correction=0), 1.0)
        z = fit_predict(X[train], ((seen - mean) / scale).numpy(), X[test])
        out.index_copy_(0, torch.as_tensor(test), torch.as_tensor(z) * scale + mean)
    return out
