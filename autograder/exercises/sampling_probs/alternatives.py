"""Right answers that look nothing alike."""

import math

import numpy as np

from autograder.testing import alternative


@alternative("powers over their sum")
def powers(n, alpha):
    raised = np.asarray(n, dtype=float) ** alpha
    return raised / raised.sum()


@alternative("softmax of alpha times log n")
def softmax_of_logarithms(n, alpha):
    logits = alpha * np.log(n)
    logits = np.exp(logits - logits.max())
    return logits / logits.sum()


@alternative("plain Python; a list")
def plain_python(n, alpha):
    raised = [math.pow(count, alpha) for count in n]
    return [one / math.fsum(raised) for one in raised]


@alternative("one over the sum of ratios to the other tasks")
def ratios(n, alpha):
    n = np.asarray(n, dtype=float)
    return 1 / np.sum((n[None, :] / n[:, None]) ** alpha, axis=1)


@alternative("proportional first, then the power, then normalised; a torch tensor")
def power_of_shares(n, alpha):
    import torch

    shares = torch.as_tensor(n, dtype=torch.float64)
    shares = (shares / shares.sum()).pow(alpha)
    return shares / shares.sum()


@alternative("scipy's softmax of alpha times log n")
def scipy_softmax(n, alpha):
    from scipy.special import softmax

    return softmax(np.multiply(alpha, np.log(np.asarray(n, dtype=float))))


@alternative("the logarithm of the total taken off, then exp")
def log_probabilities(n, alpha):
    logits = alpha * np.log(np.asarray(n, dtype=float))
    return np.exp(logits - np.logaddexp.reduce(logits))
