"""Charges no more than the budget itself: the violation is cut off at the budget."""
def latency_objective(ce, latency_ms, budget_ms, lam):
    return ce + lam * min(max(0.0, latency_ms - budget_ms), budget_ms)
