"""Right: functional, reduce over the names of the losses."""
from functools import reduce


def weighted_total(losses, weights):
    return reduce(lambda total, name: total + losses[name] * weights[name], losses, 0.0)
