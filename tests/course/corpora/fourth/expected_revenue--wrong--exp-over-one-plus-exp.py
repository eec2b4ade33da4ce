"""Writes the sigmoid as e^x / (1 + e^x), which is infinity over infinity, so NaN, at a logit of 1000."""
import numpy as np


def expected_revenue(ctr_logit, cvr_logit, price):
    p_click = np.exp(ctr_logit) / (1 + np.exp(ctr_logit))
    p_conv = np.exp(cvr_logit) / (1 + np.exp(cvr_logit))
    return p_click * p_conv * price
