"""Divides by the sum of the weights, and lets a missing weight count as 1 instead of raising KeyError."""


def weighted_total(losses, weights):
    total = 0.0
    weight_sum = 0.0
    for name, loss in losses.items():
        w = weights.get(name, 1.0)
        total += w * loss
        weight_sum += w
    return total / weight_sum
