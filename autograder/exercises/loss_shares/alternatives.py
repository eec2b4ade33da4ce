"""Right answers that look nothing alike."""

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
