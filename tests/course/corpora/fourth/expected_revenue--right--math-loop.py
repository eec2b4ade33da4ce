"""Right: beginner's loop with the math module and a sigmoid of two cases."""
import math

import numpy as np


def expected_revenue(ctr_logit, cvr_logit, price):
    def sigmoid(x):
        if x >= 0:
            return 1.0 / (1.0 + math.exp(-x))
        e = math.exp(x)
        return e / (1.0 + e)

    worth = []
    for a, b, euros in zip(ctr_logit, cvr_logit, price):
        p_click = sigmoid(float(a))
        p_conversion = sigmoid(float(b))
        worth.append(p_click * p_conversion * float(euros))
    return np.array(worth)
