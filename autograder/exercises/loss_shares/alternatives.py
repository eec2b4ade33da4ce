"""Right answers that look nothing alike."""

from fractions import Fraction

import numpy as np

from autograder.testing import alternative


@alternative("array arithmetic")
def vectorised(losses, weights):
    terms = weights * losses
    return terms / terms.sum()


@alternative("a loop over pairs; a list of Python floats")
def loop(losses, weights):
    total = 0.0
    for loss, weight in zip(losses, weights):
        total += float(weight) * float(loss)
    return [float(weight) * float(loss) / total for loss, weight in zip(losses, weights)]


@alternative("shares of the raw losses, weighted again by their own average weight")
def relative_weights(losses, weights):
    raw = losses / losses.sum()
    return raw * weights / np.average(weights, weights=losses)


@alternative("a torch tensor")
def in_torch(losses, weights):
    import torch

    terms = torch.as_tensor(losses) * torch.as_tensor(weights)
    return torch.nn.functional.normalize(terms, p=1, dim=0, eps=0.0)


@alternative("the total as a dot product, the division in double precision")
def dot_product(losses, weights):
    losses, weights = np.asarray(losses, float), np.asarray(weights, float)
    return tuple(np.diag(np.outer(losses, weights)) / np.dot(weights, losses))


@alternative("by way of logarithms: the softmax of log w + log L")
def softmax_of_logarithms(losses, weights):
    with np.errstate(divide="ignore"):
        logs = np.log(losses) + np.log(weights)
    powers = np.exp(logs - logs.max())
    return powers / powers.sum()


@alternative("exact fractions in a list")
def fractions(losses, weights):
    terms = [Fraction(float(loss)) * Fraction(float(weight)) for loss, weight in zip(losses, weights)]
    return [term / sum(terms) for term in terms]


@alternative("one over the total in units of each task's term, where it has one")
def each_in_units_of_itself(losses, weights):
    terms = losses.astype(float) * weights
    return np.array([term and 1 / sum(other / term for other in terms) for term in terms])


@alternative("einsum, and a guard that never acts on a total above 0")
def einsum_with_a_guard(losses, weights):
    total = np.einsum("t,t->", weights, losses)
    return np.multiply(weights, losses) / (total if total > 0 else 1)


@alternative("differences of the running sum, its end scaled to 1")
def differences_of_the_running_sum(losses, weights):
    edges = np.concatenate([[0.0], np.cumsum(weights.astype(np.longdouble) * losses)])
    return np.diff(edges / edges[-1])
