"""Divides the weighted sum by the sum of the weights, because np.average does."""
import numpy as np


def weighted_total(losses, weights):
    names = list(losses.keys())
    l = [losses[n] for n in names]
    w = [weights[n] for n in names]
    return np.average(l, weights=w)
