"""One pass over the rows with Welford's running mean and sum of squares."""
import numpy as np


def mean_predictor_loss(Y):
    mu = np.zeros(Y.shape[1], dtype=np.float64)
    m2 = np.zeros(Y.shape[1], dtype=np.float64)
    for k, row in enumerate(Y.astype(np.float64), start=1):
        d = row - mu
        mu = mu + d / k
        m2 = m2 + d * (row - mu)
    return m2 / len(Y)
