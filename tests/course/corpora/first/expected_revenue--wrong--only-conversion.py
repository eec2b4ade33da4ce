"""Leaves out the chance of the click."""
import numpy as np


def expected_revenue(ctr_logit, cvr_logit, price):
    p_conv = np.where(cvr_logit >= 0, 1 / (1 + np.exp(-np.abs(cvr_logit))),
                      np.exp(-np.abs(cvr_logit)) / (1 + np.exp(-np.abs(cvr_logit))))
    return p_conv * price
