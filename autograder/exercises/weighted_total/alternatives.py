"""Right answers that look nothing alike."""

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
