"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("the formula with Python's max")
def formula(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - budget_ms)


@alternative("np.maximum")
def numpy_maximum(ce, latency_ms, budget_ms, lam):
    return ce + lam * np.maximum(latency_ms - budget_ms, 0)


@alternative("an early return within the budget")
def early_return(ce, latency_ms, budget_ms, lam):
    if latency_ms <= budget_ms:
        return ce
    return ce + lam * (latency_ms - budget_ms)


@alternative("half of the distance plus its absolute value")
def half_of_both(ce, latency_ms, budget_ms, lam):
    gap = latency_ms - budget_ms
    return ce + lam * (gap + abs(gap)) / 2


@alternative("torch's relu")
def relu(ce, latency_ms, budget_ms, lam):
    import torch

    return ce + lam * torch.relu(torch.tensor(latency_ms - budget_ms, dtype=torch.float64))


@alternative("the larger of the loss and the Lagrangian: for lambda at least 0 the same")
def larger_of_two(ce, latency_ms, budget_ms, lam):
    return max(ce, ce + lam * (latency_ms - budget_ms))


@alternative("the latency clipped at the budget from below, then the difference")
def clipped_latency(ce, latency_ms, budget_ms, lam):
    return np.float64(ce) + lam * (np.clip(latency_ms, budget_ms, None) - budget_ms)


@alternative("a condition that counts as 0 or 1, in an array of shape ()")
def condition(ce, latency_ms, budget_ms, lam):
    return np.array(ce + (latency_ms > budget_ms) * (latency_ms - budget_ms) * lam)


@alternative("exact decimals, handed back as a float")
def decimals(ce, latency_ms, budget_ms, lam):
    from decimal import Decimal

    loss, late, budget, price = (Decimal(repr(number)) for number in (ce, latency_ms, budget_ms, lam))
    return float(loss + price * max(Decimal(0), late - budget))
