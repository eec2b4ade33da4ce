"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("broadcasting along the rows")
def broadcasting(loss_before, loss_after):
    return 1 - loss_after / loss_before


@alternative("the fall of each loss over the loss")
def share_of_the_loss(loss_before, loss_after):
    return (loss_before[None, :] - loss_after) / loss_before[None, :]


@alternative("a loop in nested lists")
def nested_lists(loss_before, loss_after):
    tasks = range(len(loss_before))
    return [[1 - float(loss_after[i][j]) / float(loss_before[j]) for j in tasks] for i in tasks]


@alternative("one column at a time")
def by_column(loss_before, loss_after):
    affinity = np.empty_like(loss_after)
    for task, before in enumerate(loss_before):
        affinity[:, task] = 1 - loss_after[:, task] / before
    return affinity


@alternative("a matrix product with the inverse losses on a diagonal")
def matrix_product(loss_before, loss_after):
    return np.ones(loss_after.shape) - loss_after @ np.diag(1 / loss_before)


@alternative("torch")
def with_torch(loss_before, loss_after):
    import torch

    before, after = torch.as_tensor(loss_before), torch.as_tensor(loss_after)
    return 1 - after.div(before.unsqueeze(0))


@alternative("exponentials of differences of logarithms")
def logarithms(loss_before, loss_after):
    return -np.expm1(np.log(loss_after) - np.log(loss_before))
