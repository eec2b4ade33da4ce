"""Compares with the fastest feasible model instead of the best one, and the answer may be negative."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    ok = latency <= budget
    if not ok.any():
        return np.inf
    if ok.all():
        return 0.0
    base = ce[np.argmin(latency)]
    return np.max((base - ce[~ok]) / (latency[~ok] - budget))
