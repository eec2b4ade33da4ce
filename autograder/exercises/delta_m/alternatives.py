"""Right answers that look nothing alike."""

import statistics
from fractions import Fraction

import numpy as np

from autograder.testing import alternative


@alternative("signs times relative changes")
def signs(metrics, single_task, higher_is_better):
    sign = np.where(higher_is_better, 1.0, -1.0)
    return np.mean(sign * (metrics - single_task) / single_task)


@alternative("ratios minus one")
def ratios(metrics, single_task, higher_is_better):
    ratio = metrics / single_task
    return float(np.where(higher_is_better, ratio - 1, 1 - ratio).mean())


@alternative("a loop over tasks")
def loop(metrics, single_task, higher_is_better):
    total = 0.0
    for metric, base, higher in zip(metrics, single_task, higher_is_better):
        gain = metric - base if higher else base - metric
        total += float(gain) / float(base)
    return total / len(metrics)


@alternative("the two groups of tasks apart, weighted by their sizes")
def two_groups(metrics, single_task, higher_is_better):
    change = np.divide(np.subtract(metrics, single_task), single_task)
    return (change[higher_is_better].sum() - change[~higher_is_better].sum()) / change.size


@alternative("as a dot product, in an array of shape ()")
def dot_product(metrics, single_task, higher_is_better):
    sign = 2.0 * higher_is_better - 1.0
    return np.asarray((sign / single_task) @ metrics - sign.sum()) / len(sign)


@alternative("exact fractions and a recursion over the tasks")
def fractions(metrics, single_task, higher_is_better):
    def total(task):
        if task == len(metrics):
            return Fraction(0)
        ratio = Fraction(float(metrics[task])) / Fraction(float(single_task[task]))
        return (ratio - 1 if higher_is_better[task] else 1 - ratio) + total(task + 1)

    return total(0) / len(metrics)


@alternative("a torch tensor")
def in_torch(metrics, single_task, higher_is_better):
    import torch

    metrics, single_task, higher = map(torch.from_numpy, (metrics, single_task, higher_is_better))
    change = metrics / single_task - 1
    return torch.where(higher, change, -change).mean()


@alternative("the standard library's mean over a generator")
def standard_library(metrics, single_task, higher_is_better):
    triples = zip(metrics.tolist(), single_task.tolist(), higher_is_better.tolist())
    return statistics.fmean((metric - base) / base * (1 if higher else -1) for metric, base, higher in triples)


@alternative("einsum, with the sign from a power of -1")
def einsum(metrics, single_task, higher_is_better):
    sign = (-1.0) ** (1 - np.asarray(higher_is_better, int))
    return np.einsum("t,t,t->", sign, metrics - single_task, 1 / single_task) / metrics.size


@alternative("a weighted average in which each task weighs one over its baseline")
def weighted(metrics, single_task, higher_is_better):
    gains = np.where(higher_is_better, 1, -1) * np.subtract(metrics, single_task, dtype=float)
    return np.average(gains / single_task)
