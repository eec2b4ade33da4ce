"""Right: pure Python, lists and one pass over the infeasible models."""


def exact_penalty_lambda(ce, latency, budget):
    """Smallest lambda for which the penalised choice keeps the budget."""
    kept, broken = [], []
    for loss, ms in zip(ce, latency):
        if float(ms) <= float(budget):
            kept.append(float(loss))
        else:
            broken.append((float(loss), float(ms) - float(budget)))
    if not kept:
        return float("inf")
    lam = 0.0
    for loss, violation in broken:
        needed = (min(kept) - loss) / violation
        if needed > lam:
            lam = needed
    return lam
