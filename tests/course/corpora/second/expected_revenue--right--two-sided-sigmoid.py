"""A sigmoid that only takes exp of negative numbers."""
import numpy as np


def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def expected_revenue(ctr_logit, cvr_logit, price):
    return sigmoid(ctr_logit) * sigmoid(cvr_logit) * price
