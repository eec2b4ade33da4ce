"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception("These are shares of the raw losses. The optimiser sees w·L.", caught_by="test_value", conceptual=True)
def shares_of_the_raw_losses(losses, weights):
    return losses / losses.sum()


@misconception(
    "A weight is not a share: a task with weight 0.5 and loss 4 contributes more than one with weight 2 and loss 0.25.",
    caught_by="test_value",
    conceptual=True,
)
def shares_of_the_weights(losses, weights):
    return weights / weights.sum()


@misconception(
    "Softmax is not a proportion: exp() exaggerates differences. Divide by the sum.",
    caught_by="test_value",
    conceptual=True,
)
def softmax(losses, weights):
    terms = weights * losses
    powers = np.exp(terms - terms.max())
    return powers / powers.sum()


@misconception("Shares were asked for, not percentages (they should sum to 1).", caught_by="test_value")
def percentages(losses, weights):
    terms = weights * losses
    return 100 * terms / terms.sum()


@misconception(
    "These are the terms of the total, 0.5 and 2.0 in the example: how much each task brings, not which part of the "
    "whole it is.",
    caught_by="test_value",
)
def terms_not_shares(losses, weights):
    return weights * losses


@misconception(
    "You compared each term with the largest one, so that the largest gets 1. Compare it with the sum of all.",
    caught_by="test_value",
)
def relative_to_the_largest(losses, weights):
    terms = weights * losses
    return terms / terms.max()


@misconception(
    "You compared each term with the average term, so that the shares sum to the number of tasks. Compare it with the sum.",
    caught_by="test_value",
)
def relative_to_the_mean(losses, weights):
    terms = weights * losses
    return terms / terms.mean()


@misconception(
    "You compared each task with all the others together. A share is a part of the whole, which includes the task itself.",
    caught_by="test_value",
    conceptual=True,
)
def odds_instead_of_shares(losses, weights):
    terms = weights * losses
    return terms / (terms.sum() - terms)


@misconception(
    "The weights sum to 1 now, but the result still has the size of the losses. It is the terms that must be divided by "
    "their sum.",
    caught_by="test_value",
)
def only_weights_normalised(losses, weights):
    return weights / weights.sum() * losses


@misconception(
    "A share of the weights times a share of the losses does not sum to 1. First multiply, then divide once by the sum.",
    caught_by="test_value",
)
def product_of_two_shares(losses, weights):
    return weights / weights.sum() * (losses / losses.sum())


@misconception(
    "The small number in the denominator is larger than a small loss, and takes most of its share. Shares must not depend "
    "on the unit of the losses.",
    caught_by="test_any_size",
)
def epsilon_in_the_denominator(losses, weights):
    terms = weights * losses
    return terms / (terms.sum() + 1e-8)


@misconception(
    "You divided by the length of the vector of terms (the root of the sum of squares). Shares sum to 1, so divide by "
    "the plain sum.",
    caught_by="test_value",
)
def euclidean_norm(losses, weights):
    terms = weights * losses
    return terms / np.sqrt((terms**2).sum())


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
    "You multiplied into `losses` itself (`*=`), and the caller's losses are now weighted. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def weights_in_place(losses, weights):
    losses *= weights
    return losses / losses.sum()


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(losses, weights):
    return np.array([0.2, 0.8])
