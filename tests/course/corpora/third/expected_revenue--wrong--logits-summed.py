"""Takes the sigmoid of the sum of the logits for the product of the two chances."""
import numpy as np


def expected_revenue(ctr_logit, cvr_logit, price):
    s = np.clip(ctr_logit + cvr_logit, -500, 500).astype(np.float64)
    return price / (1 + np.exp(-s))
