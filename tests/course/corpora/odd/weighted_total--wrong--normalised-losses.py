"""Divides each loss by the largest loss before weighing."""
def weighted_total(losses, weights):
    top = max(losses.values()) or 1.0
    return sum(weights[t] * (l / top) for t, l in losses.items())
