"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("one over the square")
def one_over_the_square(scales):
    return 1.0 / scales**2


@alternative("a negative power, in double precision")
def negative_power(scales):
    return np.power(np.asarray(scales, dtype=float), -2.0)


@alternative("a loop that divides twice; a list")
def divides_twice(scales):
    weights = []
    for scale in scales:
        weights.append(1.0 / float(scale) / float(scale))
    return weights


@alternative("measured on labels: the ratio of a scaled to a raw mean squared error")
def measured(scales):
    labels = np.outer([1.0, -2.0, 0.5], np.asarray(scales, dtype=float))
    return np.mean((labels / scales) ** 2, axis=0) / np.mean(labels**2, axis=0)


@alternative("logarithms, in torch")
def logarithms(scales):
    import torch

    return torch.exp(-2 * torch.log(torch.as_tensor(scales, dtype=torch.float64)))


@alternative("exact fractions, a tuple")
def exact(scales):
    from fractions import Fraction

    return tuple(float(1 / Fraction(float(scale)) ** 2) for scale in scales)


@alternative("the diagonal of an inverse matrix")
def inverse_matrix(scales):
    return np.diag(np.linalg.inv(np.diag(np.square(scales, dtype=float))))


@alternative("reciprocals, multiplied by themselves")
def reciprocals(scales):
    return np.prod([np.reciprocal(scales)] * 2, axis=0)
