"""Right: plain if with an early return, no max."""


def latency_objective(ce, latency_ms, budget_ms, lam):
    """Cross-entropy plus lam for each millisecond over the budget."""
    if latency_ms <= budget_ms:
        return ce
    milliseconds_over = latency_ms - budget_ms
    penalty = lam * milliseconds_over
    return ce + penalty
