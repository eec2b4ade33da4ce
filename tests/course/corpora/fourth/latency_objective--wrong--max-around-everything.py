"""Puts the max around the whole sum: slack is rewarded, and a negative cross-entropy becomes 0."""


def latency_objective(ce, latency_ms, budget_ms, lam):
    """Cross-entropy plus lam for each millisecond over the budget."""
    return max(0.0, ce + lam * (latency_ms - budget_ms))
