"""Puts the max around the violation instead of the multiplier, which therefore never falls while there is slack."""


def dual_ascent_step(lam, latency, budget, lr):
    """Move the multiplier along the violation and keep it at or above 0."""
    violation = max(0.0, latency - budget)
    return lam + lr * violation
