"""An if in place of max."""
def dual_ascent_step(lam, latency, budget, lr):
    violation = latency - budget
    lam = lam + lr * violation
    if lam < 0:
        return 0.0
    return lam
