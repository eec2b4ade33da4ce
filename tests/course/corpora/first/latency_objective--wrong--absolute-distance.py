"""Charges the distance from the budget in both directions, so being faster than the budget costs as well."""
def latency_objective(ce, latency_ms, budget_ms, lam):
    return ce + lam * abs(latency_ms - budget_ms)
