"""Charges the square of the violation once it is above ten."""
def latency_objective(ce, latency_ms, budget_ms, lam):
    v = max(0.0, latency_ms - budget_ms)
    return ce + lam * (v if v <= 10 else v * v / 10)
