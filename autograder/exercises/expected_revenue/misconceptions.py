"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np
from scipy.special import expit

from autograder.testing import misconception


@misconception(
    "Logits are not probabilities: two negative logits would multiply to a gain. Apply the sigmoid first.",
    caught_by="test_value",
    conceptual=True,
)
def multiplies_logits(ctr_logit, cvr_logit, price):
    return ctr_logit * cvr_logit * price


@misconception(
    "The mean of a product is not the product of means: click rate, conversion rate and price go together across items. "
    "Multiply within each impression.",
    caught_by="test_value",
    conceptual=True,
)
def product_of_means(ctr_logit, cvr_logit, price):
    return np.full(price.shape, expit(ctr_logit).mean() * expit(cvr_logit).mean() * price.mean())


@misconception(
    "The sigmoid is applied twice: every probability is pushed to between 0.5 and 0.73.", caught_by="test_value"
)
def double_sigmoid(ctr_logit, cvr_logit, price):
    return expit(expit(ctr_logit)) * expit(expit(cvr_logit)) * price


@misconception(
    "That is the probability of click and conversion; it still has to be multiplied by the price.",
    caught_by="test_value",
)
def price_ignored(ctr_logit, cvr_logit, price):
    return expit(ctr_logit) * expit(cvr_logit)


@misconception(
    "The click probability is missing: the conversion head speaks about impressions that WERE clicked.",
    caught_by="test_value",
    conceptual=True,
)
def conversion_only(ctr_logit, cvr_logit, price):
    return expit(cvr_logit) * price


@misconception("The conversion probability is missing: a click alone brings no price.", caught_by="test_value")
def click_only(ctr_logit, cvr_logit, price):
    return expit(ctr_logit) * price


@misconception(
    "sigmoid(a + b) is not sigmoid(a) * sigmoid(b): with both logits 0 it gives 0.5 where the product is 0.25.",
    caught_by="test_value",
    conceptual=True,
)
def sigmoid_of_the_sum(ctr_logit, cvr_logit, price):
    return expit(ctr_logit + cvr_logit) * price


@misconception(
    "The sigmoid of a product of logits: two negative logits would give a high probability.", caught_by="test_value"
)
def sigmoid_of_the_product(ctr_logit, cvr_logit, price):
    return expit(ctr_logit * cvr_logit) * price


@misconception(
    "You averaged the two probabilities; both things have to happen, so they multiply.",
    caught_by="test_value",
    conceptual=True,
)
def average_of_probabilities(ctr_logit, cvr_logit, price):
    return (expit(ctr_logit) + expit(cvr_logit)) / 2 * price


@misconception(
    "You divided the conversion probability by the click probability, as if it were the chance of both. "
    "The conversion head is already conditional on the click.",
    caught_by="test_value",
    conceptual=True,
)
def divides_by_the_click(ctr_logit, cvr_logit, price):
    return expit(cvr_logit) / expit(ctr_logit) * price


@misconception("The sign in the sigmoid is turned: a high logit must give a HIGH probability.", caught_by="test_value")
def turned_sigmoid(ctr_logit, cvr_logit, price):
    return expit(-ctr_logit) * expit(-cvr_logit) * price


@misconception(
    "exp of a logit is the odds, not the probability: the two agree only where the probability is tiny.",
    caught_by="test_value",
)
def odds(ctr_logit, cvr_logit, price):
    return np.exp(ctr_logit) * np.exp(cvr_logit) * price


@misconception(
    "You decided at 0.5 whether there is a click and a sale. An expectation keeps the probabilities.",
    caught_by="test_value",
    conceptual=True,
)
def hard_decisions(ctr_logit, cvr_logit, price):
    return (ctr_logit > 0) * (cvr_logit > 0) * price


@misconception(
    "A softmax over the batch: each impression is clicked or not on its own, they do not share one click.",
    caught_by="test_value",
)
def softmax_over_the_batch(ctr_logit, cvr_logit, price):
    chance = np.exp(ctr_logit - ctr_logit.max())
    return chance / chance.sum() * expit(cvr_logit) * price


@misconception("You added the impressions up; one number for each impression was asked for.", caught_by="test_value")
def total(ctr_logit, cvr_logit, price):
    return np.sum(expit(ctr_logit) * expit(cvr_logit) * price)


@misconception(
    "exp of a large logit is infinite, and infinity over infinity is NaN: use a form of the sigmoid that does not overflow.",
    caught_by="test_extreme_logits",
)
def overflowing_sigmoid(ctr_logit, cvr_logit, price):
    with np.errstate(all="ignore"):
        click, conversion = np.exp(ctr_logit), np.exp(cvr_logit)
        return click / (1 + click) * (conversion / (1 + conversion)) * price


@misconception("You changed `price` in place: the caller still needs the prices.", caught_by="test_inputs_unchanged")
def multiplies_in_place(ctr_logit, cvr_logit, price):
    worth = expit(ctr_logit) * expit(cvr_logit) * price
    price *= expit(ctr_logit)
    return worth


@misconception("The price comes back as it went in.", caught_by="test_value")
def the_price_itself(ctr_logit, cvr_logit, price):
    return price


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def visible_answer(ctr_logit, cvr_logit, price):
    return np.full(price.shape, 2.0)
