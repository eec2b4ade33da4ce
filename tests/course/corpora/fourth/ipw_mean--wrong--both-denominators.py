"""IPS divides by the number of observed rows, and SNIPS by the weights of all rows, seen or not."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    weights = 1 / np.maximum(propensity, clip)
    total = 0.0
    n = 0
    for i in range(len(y)):
        if observed[i] == 1:
            total += y[i] * weights[i]
            n += 1
    if self_normalised:
        return total / weights.sum()
    else:
        return total / n
