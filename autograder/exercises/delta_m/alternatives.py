"""Right answers that look nothing alike."""

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
