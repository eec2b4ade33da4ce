"""Cuts the multiplier off above, at 10, though it has no upper end."""
import numpy as np


def dual_ascent_step(lam, latency, budget, lr):
    """Move the multiplier along the violation and keep it at or above 0."""
    return float(np.clip(lam + lr * (latency - budget), 0.0, 10.0))
