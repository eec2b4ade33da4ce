"""Right: a small scaler class inside the function, one object for each fold."""
import numpy as np


def cv_predict_scaled(fit_predict, X, Y, splits):
    class LabelScaler:
        def __init__(self, labels):
            self.m = labels.mean(axis=0)
            self.s = labels.std(axis=0)
            for t in range(labels.shape[1]):
                if labels[:, t].min() == labels[:, t].max():
                    self.s[t] = 1.0

        def forward(self, labels):
            return (labels - self.m) / self.s

        def backward(self, z):
            return z * self.s + self.m

    labels_all = np.array(Y, dtype=np.float64)
    predictions = np.full(labels_all.shape, np.nan)
    for train, test in splits:
        scaler = LabelScaler(labels_all[train])
        z = fit_predict(X[train], scaler.forward(labels_all[train]), X[test])
        predictions[test] = scaler.backward(z)
    return predictions
