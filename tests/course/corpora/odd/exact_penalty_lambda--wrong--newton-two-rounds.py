"""Iterates lambda over the winner of the moment, but stops after two rounds."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    ok = latency <= budget
    if not ok.any():
        return float("inf")
    best, lam = ce[ok].min(), 0.0
    over = np.maximum(latency - budget, 0)
    for _ in range(2):
        w = int(np.argmin(ce + lam * over))
        if ok[w]:
            return lam
        lam = float((best - ce[w]) / over[w])
    return lam
