"""Adds half of the step once more when the budget is exceeded."""
def dual_ascent_step(lam, latency, budget, lr):
    v = latency - budget
    return max(0.0, lam + lr * v + (0.5 * lr * v if v > 0 else 0.0))
