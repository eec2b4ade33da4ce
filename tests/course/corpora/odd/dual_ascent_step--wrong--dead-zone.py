"""Does not move while the violation is smaller than one unit."""
def dual_ascent_step(lam, latency, budget, lr):
    v = latency - budget
    if abs(v) < 1:
        return lam
    return max(0.0, lam + lr * v)
