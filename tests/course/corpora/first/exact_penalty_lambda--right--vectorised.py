"""Vectorised: the largest saving for each unit over the budget."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    feasible = latency <= budget
    if not feasible.any():
        return float("inf")
    if feasible.all():
        return 0.0
    best = ce[feasible].min()
    need = (best - ce[~feasible]) / (latency[~feasible] - budget)
    return max(0.0, float(need.max()))
