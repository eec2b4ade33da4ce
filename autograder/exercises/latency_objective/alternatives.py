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
