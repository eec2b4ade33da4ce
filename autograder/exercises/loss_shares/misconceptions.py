"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "These are shares of the raw losses: the weights change nothing. The optimiser sees w·L.",
    caught_by="test_value",
    conceptual=True,
)
def shares_of_the_raw_losses(losses, weights):
    return losses / losses.sum()


@misconception(
    "These are shares of the weights: the losses change nothing. A weight is not a share: a task with weight 0.5 and loss 4 "
    "contributes more than one with weight 2 and loss 0.25.",
    caught_by="test_value",
    conceptual=True,
)
def shares_of_the_weights(losses, weights):
    return weights / weights.sum()


@misconception(
    "This is the softmax of the terms w·L. Softmax is not a proportion: exp() exaggerates differences, and a task without "
    "loss gets a share. Divide the terms by their sum.",
    caught_by="test_value",
    conceptual=True,
)
def softmax(losses, weights):
    terms = weights * losses
    powers = np.exp(terms - terms.max())
    return powers / powers.sum()


@misconception("These are percentages, which sum to 100. Shares sum to 1.", caught_by="test_value")
def percentages(losses, weights):
    terms = weights * losses
    return 100 * terms / terms.sum()


@misconception(
    "These are the terms w·L of the total: how much each task brings, not which part of the whole it is.",
    caught_by="test_value",
)
def terms_not_shares(losses, weights):
    return weights * losses


@misconception(
    "Each term is compared with the largest one, so that the largest gets 1. Compare it with the sum of all.",
    caught_by="test_value",
)
def relative_to_the_largest(losses, weights):
    terms = weights * losses
    return terms / terms.max()


@misconception(
    "Each term is compared with the average term, so that the shares sum to the number of tasks. Compare it with the sum.",
    caught_by="test_value",
)
def relative_to_the_mean(losses, weights):
    terms = weights * losses
    return terms / terms.mean()


@misconception(
    "Each task is compared with all the others together. A share is a part of the whole, which includes the task itself.",
    caught_by="test_value",
    conceptual=True,
)
def odds_instead_of_shares(losses, weights):
    terms = weights * losses
    return terms / (terms.sum() - terms)


@misconception(
    "The weights sum to 1 now, but the result still has the size of the losses. It is the terms w·L that must be divided "
    "by their own sum.",
    caught_by="test_value",
)
def only_weights_normalised(losses, weights):
    return weights / weights.sum() * losses


@misconception(
    "The terms w·L are divided by the sum of the losses, so the result has the size of the weights. Divide them by their "
    "own sum.",
    caught_by="test_value",
)
def only_losses_normalised(losses, weights):
    return weights * losses / losses.sum()


@misconception(
    "The terms w·L are divided by the number of tasks: parts of an average, not shares. Divide them by their sum.",
    caught_by="test_value",
)
def divided_by_the_number_of_tasks(losses, weights):
    return weights * losses / len(losses)


@misconception(
    "A share of the weights times a share of the losses does not sum to 1. First multiply, then divide once by the sum of "
    "the products.",
    caught_by="test_value",
)
def product_of_two_shares(losses, weights):
    return weights / weights.sum() * (losses / losses.sum())


@misconception(
    "The terms are divided by the sum of the weights and then multiplied by the sum of the losses. Often a denominator of "
    "several factors has lost its brackets; here it is the one sum of the products.",
    caught_by="test_value",
)
def denominator_without_brackets(losses, weights):
    return weights * losses / weights.sum() * losses.sum()


@misconception(
    "With small losses or weights the shares come out too small and sum to less than 1: the denominator is not their sum "
    "alone. Often a small number is added to it, or it is kept above one. Shares must not depend on a unit.",
    caught_by="test_any_size",
    family={
        "guard": (
            *(("added", eps) for eps in (1e-8, 1e-12, 1e-10, 1e-16, np.finfo(float).eps, 1e-9, 1e-7, 1e-6, 1e-5, 1e-3)),
            *(("least", eps) for eps in (1e-8, 1e-12, 1e-10, 1e-9, 1e-7, 1e-6)),
        )
    },
)
def epsilon_in_the_denominator(losses, weights, *, guard=("added", 1e-8)):
    terms, (kind, eps) = weights * losses, guard
    return terms / (terms.sum() + eps if kind == "added" else max(terms.sum(), eps))


@misconception(
    "The smallest term gets 0 and the largest 1: the terms are scaled between the two. A share is a part of the sum.",
    caught_by="test_value",
)
def smallest_to_largest(losses, weights):
    terms = weights * losses
    with np.errstate(all="ignore"):
        return (terms - terms.min()) / np.ptp(terms)


@misconception(
    "A task whose weight or loss is 0 gets a share all the same. Often a small number is added to every term or share; only the "
    "sum decides what is shared.",
    caught_by="test_nothing_to_share",
    family={"added": (1e-5, 1e-4, 1e-3)},
)
def something_for_everybody(losses, weights, *, added=1e-5):
    terms = weights * losses
    return terms / terms.sum() + added


@misconception(
    "The terms are divided by the root of their sum of squares, the length of a vector. Shares sum to 1, so divide by the "
    "plain sum.",
    caught_by="test_value",
)
def euclidean_norm(losses, weights):
    terms = weights * losses
    return terms / np.sqrt((terms**2).sum())


@misconception(
    "The terms are squared before they are shared out, which exaggerates differences. A share is a plain proportion of w·L.",
    caught_by="test_value",
)
def squared_terms(losses, weights):
    terms = (weights * losses) ** 2
    return terms / terms.sum()


@misconception(
    "The losses are divided by their weights. A larger weight makes a task count more: the optimiser adds up w·L.",
    caught_by="test_value",
    conceptual=True,
)
def divided_by_the_weight(losses, weights):
    terms = losses / np.where(weights == 0, 1.0, weights)
    return terms / terms.sum()


@misconception(
    "The shares are those of w + L. A weight multiplies its loss.",
    caught_by="test_value",
)
def weights_added(losses, weights):
    return (weights + losses) / (weights + losses).sum()


@misconception(
    "Each task got what is left for the others, 1 minus its share. Its own part of the total is asked for.",
    caught_by="test_value",
)
def the_part_of_the_others(losses, weights):
    terms = weights * losses
    return 1 - terms / terms.sum()


@misconception(
    "Only the first task's share came back. Every task has one: often the return stands inside the loop.",
    caught_by="test_value",
    family={"in_a_list": (False, True)},
)
def only_the_first_share(losses, weights, *, in_a_list=False):
    share = weights[0] * losses[0] / (weights * losses).sum()
    return [share] if in_a_list else share


@misconception(
    "The shares are added up from task to task: the last is 1. Each task's own part is asked for.",
    caught_by="test_value",
)
def running_sum(losses, weights):
    terms = weights * losses
    return np.cumsum(terms) / terms.sum()


@misconception(
    "The shares are rounded, and no longer sum to 1. Rounding belongs where a number is printed.",
    caught_by="test_value",
    family={"digits": (2, 1, 3, 4)},
)
def rounded(losses, weights, *, digits=2):
    terms = weights * losses
    return np.round(terms / terms.sum(), digits)


@misconception("The shares are sorted, so they no longer stand in the order of the tasks.", caught_by="test_value")
def sorted_shares(losses, weights):
    terms = weights * losses
    return np.sort(terms / terms.sum())[::-1]


@misconception(
    "Every task gets the same share, whatever its loss and weight. Look at the terms w·L.", caught_by="test_value"
)
def equal_shares(losses, weights):
    return np.full(len(losses), 1 / len(losses))


@misconception(
    "After the call the caller's losses have changed, often because `*=` or `/=` writes into the array that came in. "
    "Make a new array.",
    caught_by="test_inputs_unchanged",
    family={"shared_out": (False, True)},
)
def weights_in_place(losses, weights, *, shared_out=False):
    losses *= weights
    if shared_out:
        losses /= losses.sum()
        return losses
    return losses / losses.sum()


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(losses, weights):
    return np.array([0.2, 0.8])
