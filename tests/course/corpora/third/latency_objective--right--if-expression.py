"""An if expression that leaves ce untouched within the budget."""


def latency_objective(ce, latency_ms, budget_ms, lam):
    return ce if latency_ms <= budget_ms else ce + lam * (latency_ms - budget_ms)
