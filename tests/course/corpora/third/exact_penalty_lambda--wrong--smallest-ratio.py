"""Takes the smallest of the ratios of the infeasible models instead of the largest, so that only one of them is beaten."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    ok = latency <= budget
    if not ok.any():
        return float("inf")
    if ok.all():
        return 0.0
    best = ce[ok].min()
    ratios = (best - ce[~ok]) / (latency[~ok] - budget)
    return float(max(0.0, ratios.min()))
