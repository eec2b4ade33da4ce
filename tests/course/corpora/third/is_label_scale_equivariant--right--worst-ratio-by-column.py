"""One column after the other, with the worst ratio of difference to spread, stopped by all()."""
import numpy as np


def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    old = np.asarray(fit_predict(X.copy(), Y.copy(), X_new.copy()), dtype=float)
    new = np.asarray(fit_predict(X.copy(), Y * np.asarray(c)[np.newaxis, :], X_new.copy()), dtype=float)

    def same(t):
        spread = np.std(Y[:, t].astype(float))
        return all(abs(b / c[t] - a) <= 1e-5 * spread for a, b in zip(old[:, t], new[:, t]))

    return all(same(t) for t in range(Y.shape[1]))
