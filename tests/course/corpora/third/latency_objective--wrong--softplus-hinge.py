"""Replaces the hinge by a softplus, so that there is a penalty at and just below the budget too."""
import math


def latency_objective(ce, latency_ms, budget_ms, lam):
    # smooth version of max(0, .)
    v = latency_ms - budget_ms
    smooth = max(v, 0) + math.log1p(math.exp(-abs(v)))
    return ce + lam * smooth
