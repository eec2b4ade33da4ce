"""A loop over the infeasible models."""
def exact_penalty_lambda(ce, latency, budget):
    best = None
    for c, l in zip(ce, latency):
        if l <= budget and (best is None or c < best):
            best = c
    if best is None:
        return float("inf")
    lam = 0.0
    for c, l in zip(ce, latency):
        if l > budget:
            lam = max(lam, float((best - c) / (l - budget)))
    return lam
