"""Writes exp(x) / (1 + exp(x)), which is inf / inf = NaN for a logit of 1000."""
import numpy as np


def sig(x):
    return np.exp(x) / (1 + np.exp(x))


def expected_revenue(ctr_logit, cvr_logit, price):
    return sig(ctr_logit) * sig(cvr_logit) * price
