"""Stacks the folds one under the other, so predictions are not in their own rows when the folds are shuffled."""
import numpy as np


def cv_predict_scaled(fit_predict, X, Y, splits):
    preds = []
    for train_idx, test_idx in splits:
        Y_tr = Y[train_idx]
        mean, scale = Y_tr.mean(0), Y_tr.std(0)
        scale = np.where(scale > 0, scale, 1.0)
        p = fit_predict(X[train_idx], (Y_tr - mean) / scale, X[test_idx])
        preds.append(p * scale + mean)
    return np.vstack(preds)
