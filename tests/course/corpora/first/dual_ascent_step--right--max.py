"""One line with max."""
def dual_ascent_step(lam, latency, budget, lr):
    return max(0.0, lam + lr * (latency - budget))
