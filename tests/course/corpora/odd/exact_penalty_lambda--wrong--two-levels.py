"""Two mistakes: counts from the mean feasible loss, and takes the smallest slope."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    ok = latency <= budget
    if not ok.any():
        return float("inf")
    if ok.all():
        return 0.0
    return max(0.0, float(((ce[ok].mean() - ce[~ok]) / (latency[~ok] - budget)).min()))
