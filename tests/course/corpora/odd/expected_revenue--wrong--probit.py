"""Uses the normal distribution function (probit) instead of the sigmoid."""
import numpy as np
from scipy.special import ndtr


def expected_revenue(ctr_logit, cvr_logit, price):
    return ndtr(ctr_logit) * ndtr(cvr_logit) * price
