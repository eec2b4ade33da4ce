"""Rounds the worth to whole cents, as a bill would."""
import numpy as np
from scipy.special import expit


def expected_revenue(ctr_logit, cvr_logit, price):
    return np.round(expit(ctr_logit) * expit(cvr_logit) * price, 2)
