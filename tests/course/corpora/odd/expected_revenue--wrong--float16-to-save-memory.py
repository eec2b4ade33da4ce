"""Works in half precision to save memory."""
import numpy as np
from scipy.special import expit


def expected_revenue(ctr_logit, cvr_logit, price):
    a, b, p = (x.astype(np.float16) for x in (ctr_logit, cvr_logit, price))
    return (expit(a) * expit(b) * p).astype(float)
