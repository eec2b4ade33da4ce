"""Subtracts the violation, so the multiplier falls while the budget is exceeded."""
def dual_ascent_step(lam, latency, budget, lr):
    new = lam - lr * (latency - budget)
    if new < 0:
        new = 0.0
    return new
