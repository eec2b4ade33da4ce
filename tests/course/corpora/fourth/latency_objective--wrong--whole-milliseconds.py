"""Charges every millisecond begun as a whole one (rounds the violation up)."""
import math


def latency_objective(ce, latency_ms, budget_ms, lam):
    """Cross-entropy plus lam for each millisecond over the budget."""
    over = max(0, math.ceil(latency_ms - budget_ms))
    return ce + lam * over
