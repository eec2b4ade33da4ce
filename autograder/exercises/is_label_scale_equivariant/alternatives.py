"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("np.allclose in the first unit")
def allclose(fit_predict, X, Y, X_new, c):
    return np.allclose(fit_predict(X, Y * c, X_new) / c, fit_predict(X, Y, X_new))


@alternative("the largest deviation relative to the labels' spread; a Python bool")
def relative_to_the_spread(fit_predict, X, Y, X_new, c):
    gap = np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new))
    return bool((gap.max(axis=0) / Y.std(axis=0)).max() < 1e-6)


@alternative("compared in the second unit, task by task; 0 or 1")
def in_the_second_unit(fit_predict, X, Y, X_new, c):
    plain, rescaled = fit_predict(X, Y, X_new), fit_predict(X, Y * c, X_new)
    for task in range(Y.shape[1]):
        size = np.abs(rescaled[:, task]).max()
        if np.abs(rescaled[:, task] - c[task] * plain[:, task]).max() > 1e-5 * size:
            return 0
    return 1


@alternative("the largest relative deviation, entry by entry")
def largest_relative_deviation(fit_predict, X, Y, X_new, c):
    plain = fit_predict(X, Y, X_new)
    back = fit_predict(X, Y @ np.diag(c), X_new) @ np.diag(1 / c)
    return np.max(np.abs(back - plain) / np.abs(plain)) < 1e-4


@alternative("relative norm of the whole difference, in torch")
def norm_in_torch(fit_predict, X, Y, X_new, c):
    import torch

    plain = torch.as_tensor(fit_predict(X, Y, X_new))
    back = torch.as_tensor(fit_predict(X, Y * c, X_new)) / torch.as_tensor(c)
    return torch.linalg.norm(back - plain) < 1e-6 * torch.linalg.norm(plain)
