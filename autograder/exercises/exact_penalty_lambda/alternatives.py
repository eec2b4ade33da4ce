"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("boolean masks and one division")
def vectorised(ce, latency, budget):
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    if feasible.all():
        return 0.0
    slopes = (ce[feasible].min() - ce[~feasible]) / (latency[~feasible] - budget)
    return max(0.0, slopes.max())


@alternative("a loop in Python floats")
def loop(ce, latency, budget):
    best = float("inf")
    for loss, ms in zip(ce, latency):
        if ms <= budget:
            best = min(best, float(loss))
    lam = 0.0
    for loss, ms in zip(ce, latency):
        if ms > budget:
            lam = max(lam, (best - float(loss)) / (float(ms) - budget))
    return lam if best < float("inf") else best


@alternative("try the candidate slopes in increasing order, as the definition says")
def scan(ce, latency, budget):
    ce, over = ce.astype(float), np.maximum(latency.astype(float) - budget, 0.0)
    feasible = over == 0
    if not feasible.any():
        return float("inf")
    level = ce[feasible].min()
    candidates = sorted({0.0, *((level - ce[~feasible]) / over[~feasible]).clip(min=0.0).tolist()})
    for lam in candidates:
        if (ce + lam * over).min() >= level - 1e-12:
            return lam
    raise AssertionError("the largest slope always suffices")


@alternative("np.where over all models, with minus infinity where a slope makes no sense")
def one_expression(ce, latency, budget):
    over = latency - budget
    level = np.min(ce, where=over <= 0, initial=np.inf)
    slopes = np.where(over > 0, (level - ce) / np.where(over > 0, over, 1), 0)
    return np.maximum(slopes, 0).max() if np.isfinite(level) else level


@alternative("bisection on the definition, with the loss of the best feasible model as the bar")
def bisection(ce, latency, budget):
    loss, excess = np.asarray(ce, float), np.maximum(np.asarray(latency, float) - budget, 0.0)
    bar = min(loss[excess == 0], default=None)
    if bar is None:
        return float("inf")

    def keeps(lam):
        return bar <= np.min(loss + lam * excess)

    low, high = 0.0, 1e-12
    if keeps(low):
        return low
    while not keeps(high):
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high


@alternative("models as sorted pairs, exact fractions, answer as a float")
def fractions(ce, latency, budget):
    from fractions import Fraction

    pairs = sorted((Fraction(float(ms)), Fraction(float(loss))) for ms, loss in zip(latency, ce))
    limit = Fraction(budget)
    kept = [loss for ms, loss in pairs if not ms > limit]
    if not kept:
        return np.float64("inf")
    return float(max([Fraction(0)] + [(min(kept) - loss) / (ms - limit) for ms, loss in pairs if ms > limit]))


@alternative("all pairs of a feasible and an infeasible model, the best over the worst, in torch")
def all_pairs(ce, latency, budget):
    import torch

    loss, ms = torch.as_tensor(ce), torch.as_tensor(latency)
    feasible = ms <= budget
    if not bool(feasible.any()):
        return torch.tensor(float("inf"))
    slopes = (loss[feasible][:, None] - loss[~feasible][None, :]) / (ms[~feasible] - budget)
    return torch.cat([slopes.min(dim=0).values, torch.zeros(1)]).max()
