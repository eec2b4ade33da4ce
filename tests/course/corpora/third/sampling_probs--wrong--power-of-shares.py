"""Raises the shares to alpha and does not divide again, so that the result sums to 1 only at alpha = 1."""
import numpy as np


def sampling_probs(n, alpha):
    p = n / n.sum()
    return p**alpha
