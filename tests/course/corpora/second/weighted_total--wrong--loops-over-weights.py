"""Loops over the weights, so a weight without a loss raises KeyError and a loss without a weight is dropped."""
def weighted_total(losses, weights):
    total = 0.0
    for task in weights:
        total += weights[task] * losses[task]
    return total
