"""Uses max(0, violation), so the multiplier never falls while there is slack."""
def dual_ascent_step(lam, latency, budget, lr):
    violation = max(0.0, latency - budget)
    return lam + lr * violation
