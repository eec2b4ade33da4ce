"""The formula as it stands."""
def latency_objective(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - budget_ms)
