"""Right answers that look nothing alike."""

import functools
import math
import operator
from decimal import Decimal
from fractions import Fraction

import numpy as np

from autograder.testing import alternative


@alternative("a generator over the items")
def generator(losses, weights):
    return sum(weights[task] * loss for task, loss in losses.items())


@alternative("an explicit loop")
def loop(losses, weights):
    total = 0.0
    for task in losses:
        total += losses[task] * weights[task]
    return total


@alternative("a dot product over sorted names")
def dot_product(losses, weights):
    tasks = sorted(losses)
    return np.dot([losses[task] for task in tasks], [weights[task] for task in tasks])


@alternative("checks the names first, then lets NumPy add; an array of shape ()")
def checked_first(losses, weights):
    missing = losses.keys() - weights.keys()
    if missing:
        raise KeyError(f"no weight for {sorted(missing)}")
    return np.asarray(sum(np.float32(losses[task]) * weights[task] for task in losses))


@alternative("an exception of its own that is a KeyError, and a recursive sum")
def recursive(losses, weights):
    class NoWeight(KeyError):
        pass

    if not losses:
        return 0.0
    (task, loss), *others = losses.items()
    if task not in weights:
        raise NoWeight(task)
    return loss * weights[task] + recursive(dict(others), weights)


@alternative("exact fractions")
def fractions(losses, weights):
    return sum(Fraction(loss) * Fraction(weights[task]) for task, loss in losses.items())


@alternative("decimal numbers")
def decimals(losses, weights):
    return sum((Decimal(str(weights[task])) * Decimal(str(loss)) for task, loss in losses.items()), Decimal(0))


@alternative("a torch tensor of float32")
def in_torch(losses, weights):
    import torch

    return torch.tensor(list(losses.values())) @ torch.tensor([weights[task] for task in losses])


@alternative("names looked up by the dictionary's own method, terms added by math.fsum")
def mapped(losses, weights):
    return math.fsum(map(operator.mul, losses.values(), map(weights.__getitem__, losses)))


@alternative("folded from the last task to the first, in an array of long floats")
def folded(losses, weights):
    def add(total, task):
        return total + np.longdouble(weights[task]) * losses[task]

    return np.array([functools.reduce(add, reversed(losses), 0)])[0]


@alternative("einsum over two arrays in the order of the losses")
def einsum(losses, weights):
    table = np.array([(loss, weights[task]) for task, loss in losses.items()])
    return np.einsum("t,t->", *table.T)
