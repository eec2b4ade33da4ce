"""A generator expression in sum."""
def weighted_total(losses, weights):
    return sum(weights[k] * v for k, v in losses.items())
