"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "Dividing the probability is only right for tiny p: divide the ODDS. With p = 0.5 and w = 3 the answer is 0.25, not 0.167.",
    caught_by="test_value",
    conceptual=True,
)
def divides_the_probability(p_w, w):
    return p_w / w


@misconception(
    "Wrong way: weighting positives inflates the probabilities, so undoing it must lower them.",
    caught_by="test_value",
    conceptual=True,
)
def shifts_the_wrong_way(p_w, w):
    return w * p_w / (w * p_w + 1 - p_w)


@misconception(
    "Nothing was undone. With pos_weight = 20 the mean predicted click rate is 0.32 where the real one is 0.044: "
    "revenue is off by a factor of 7.3.",
    caught_by="test_value",
    conceptual=True,
)
def unchanged(p_w, w):
    return p_w


@misconception("The odds are divided by w, not by its square root.", caught_by="test_value")
def square_root(p_w, w):
    return p_w / (p_w + np.sqrt(w) * (1 - p_w))


@misconception(
    "You rescaled so that the mean is divided by w. Each probability is undone on its own, by its odds.",
    caught_by="test_value",
    conceptual=True,
)
def rescales_to_a_sum(p_w, w):
    odds = p_w / (1 - p_w) / w
    return p_w * np.mean(odds / (1 + odds)) / np.mean(p_w) if p_w.size > 1 else p_w / w


@misconception(
    "You shifted the logit by w itself. Multiplying the odds by w shifts the logit by LOG w.", caught_by="test_value"
)
def shifts_by_w(p_w, w):
    logit = np.log(p_w / (1 - p_w)) - w
    return 1 / (1 + np.exp(-logit))


@misconception("The logarithm has the wrong base: logits are natural logarithms.", caught_by="test_value")
def wrong_base(p_w, w):
    logit = np.log(p_w / (1 - p_w)) - np.log10(w)
    return 1 / (1 + np.exp(-logit))


@misconception("These are logits: turn them back into probabilities.", caught_by="test_value")
def leaves_logits(p_w, w):
    return np.log(p_w / (1 - p_w)) - np.log(w)


@misconception(
    "These are the odds: odds o belong to the probability o / (1 + o).", caught_by="test_value", conceptual=True
)
def leaves_odds(p_w, w):
    return p_w / (1 - p_w) / w


@misconception(
    "The threshold 1 / (1 + w) turns the probabilities into yes or no. It gives the right decisions, but no probability.",
    caught_by="test_value",
    conceptual=True,
)
def hard_decisions(p_w, w):
    return (p_w > 1 / (1 + w)).astype(float)


@misconception(
    "You divided by 1 + w. The number 1 / (1 + w) is what a probability of 0.5 becomes; it is not a factor for all of them.",
    caught_by="test_value",
)
def divides_by_one_plus_w(p_w, w):
    return p_w / (1 + w)


@misconception(
    "The weight stands beside the wrong term: in the weighted odds it is the NEGATIVES that must count w times to make up.",
    caught_by="test_value",
)
def weight_beside_the_wrong_term(p_w, w):
    return p_w / (w * p_w + 1 - p_w)


@misconception("That is the probability of a negative: one minus what was asked.", caught_by="test_value")
def complement(p_w, w):
    return w * (1 - p_w) / (p_w + w * (1 - p_w))


@misconception("You divided the odds by w - 1: a weight of 1 would then divide by 0.", caught_by="test_value")
def weight_minus_one(p_w, w):
    with np.errstate(all="ignore"):
        return p_w / (p_w + (w - 1) * (1 - p_w))


@misconception(
    "You undo only weights above 1. A weight below 1 has lowered the probabilities, and undoing it raises them.",
    caught_by="test_small_weights",
)
def only_weights_above_one(p_w, w):
    return p_w / (p_w + max(w, 1.0) * (1 - p_w))


@misconception(
    "You cut the probabilities off near 0 and 1. For a rare label the small ones are the ones that matter.",
    caught_by="test_small_and_large_probabilities",
)
def clips(p_w, w):
    p = np.clip(p_w, 1e-3, 1 - 1e-3)
    return p / (p + w * (1 - p))


@misconception(
    "You rounded the result: for a rare label the digits that you dropped are all there is.",
    caught_by="test_value",
)
def rounds(p_w, w):
    return np.round(p_w / (p_w + w * (1 - p_w)), 2)


@misconception("You averaged; one probability for each entry was asked for.", caught_by="test_value")
def average(p_w, w):
    return np.mean(p_w / (p_w + w * (1 - p_w)))


@misconception("You changed `p_w` in place: the caller still needs it.", caught_by="test_inputs_unchanged")
def in_place(p_w, w):
    p_w /= p_w + w * (1 - p_w)
    return p_w


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def visible_answer(p_w, w):
    return np.full(p_w.shape, 0.25)
