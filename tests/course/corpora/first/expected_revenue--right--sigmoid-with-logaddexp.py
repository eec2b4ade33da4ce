"""Log-probabilities with logaddexp, added and then exponentiated."""
import numpy as np


def expected_revenue(ctr_logit, cvr_logit, price):
    log_p = -np.logaddexp(0, -ctr_logit) - np.logaddexp(0, -cvr_logit)
    return np.exp(log_p) * price
