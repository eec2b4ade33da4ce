"""Subtracts the largest logit of the batch inside the sigmoid, so that every chance depends on the other impressions."""
import numpy as np


def sigmoid(z):
    e = np.exp(z - z.max())
    return e / (1 + e)


def expected_revenue(ctr_logit, cvr_logit, price):
    return sigmoid(ctr_logit) * sigmoid(cvr_logit) * price
