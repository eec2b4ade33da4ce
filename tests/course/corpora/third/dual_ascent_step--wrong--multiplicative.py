"""Multiplies the multiplier by an exponential, so that it never reaches 0 and never leaves it."""
import math


def dual_ascent_step(lam, latency, budget, lr):
    violation = latency - budget
    return lam * math.exp(lr * violation)
