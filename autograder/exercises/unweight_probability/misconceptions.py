"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def expit(logits):  # as SciPy's, which an exercise on plain NumPy does not wait for
    small = np.exp(-np.abs(logits))
    return np.where(np.asarray(logits) >= 0, np.ones_like(small), small) / (1 + small)


@misconception(
    "Your probabilities are p_w / w. That is only right for tiny p: divide the odds. With p = 0.5 and w = 3 the answer is "
    "0.25, not 0.167.",
    caught_by="test_value",
    conceptual=True,
)
def divides_the_probability(p_w, w):
    return p_w / w


@misconception(
    "Your probabilities are p_w times w. The weight has made them too large already, and it is the odds that it changed: "
    "divide those.",
    caught_by="test_value",
    conceptual=True,
    family={"most": (np.inf, 1.0)},
)
def multiplies_the_probability(p_w, w, *, most=np.inf):
    return np.minimum(p_w * w, most)


@misconception(
    "Wrong way: the odds come out w times larger. Weighting positives inflates the probabilities, so undoing it must lower "
    "them.",
    caught_by="test_value",
    conceptual=True,
)
def shifts_the_wrong_way(p_w, w):
    return w * p_w / (w * p_w + 1 - p_w)


@misconception(
    "The probabilities came back as they were: nothing was undone. With pos_weight = 20 a predicted 0.5 means 1 in 21.",
    caught_by="test_value",
    conceptual=True,
)
def unchanged(p_w, w):
    return p_w


@misconception(
    "The odds are divided by {by}, not by w.",
    caught_by="test_value",
    family={"by": ("the square root of w", "the square of w", "w + 1", "w / 2", "2 w")},
)
def another_factor(p_w, w, *, by="the square root of w"):
    factor = {
        "the square root of w": np.sqrt(w),
        "the square of w": w**2,
        "w + 1": w + 1,
        "w / 2": w / 2,
        "2 w": 2 * w,
    }[by]
    return p_w / (p_w + factor * (1 - p_w))


@misconception(
    "All probabilities are rescaled by one factor, so that their mean is right. Each probability is undone on its own, by its odds.",
    caught_by="test_value",
    conceptual=True,
)
def rescales_to_a_sum(p_w, w):
    odds = p_w / (1 - p_w) / w
    return p_w * np.mean(odds / (1 + odds)) / np.mean(p_w) if p_w.size > 1 else p_w / w


@misconception(
    "Your results add up to 1: they were normalised over the batch. Each probability is undone on its own.",
    caught_by="test_value",
    conceptual=True,
)
def normalises_over_the_batch(p_w, w):
    undone = p_w / (p_w + w * (1 - p_w))
    return undone / undone.sum()


@misconception(
    "The logit is shifted by w itself. Multiplying the odds by w shifts the logit by log w.", caught_by="test_value"
)
def shifts_by_w(p_w, w):
    return expit(np.log(p_w / (1 - p_w)) - w)


@misconception(
    "0.5 stays 0.5: the logit is {how} w. Multiplying the odds by w shifts the logit, by log w.",
    caught_by="test_value",
    conceptual=True,
    family={"how": ("divided by", "multiplied by")},
)
def scales_the_logit(p_w, w, *, how="divided by"):
    logit = np.log(p_w / (1 - p_w))
    return expit(logit / w if how == "divided by" else logit * w)


@misconception(
    "The probability is raised to the power {power}. It is the odds that the weight has multiplied: divide those.",
    caught_by="test_value",
    family={"power": ("w", "1 / w")},
)
def raised_to_a_power(p_w, w, *, power="w"):
    return p_w ** (w if power == "w" else 1 / w)


@misconception(
    "The results are w times too {size}: after the odds were divided, w was used once more.",
    caught_by="test_value",
    family={"size": ("large", "small")},
)
def w_once_more(p_w, w, *, size="large"):
    return p_w / (p_w + w * (1 - p_w)) * (w if size == "large" else 1 / w)


@misconception(
    "What comes back is 1 - w (1 - p_w): the chance of a negative was multiplied by w. That can fall below 0; multiply its "
    "odds, not the probability.",
    caught_by="test_value",
    conceptual=True,
)
def multiplies_the_negatives(p_w, w):
    return 1 - w * (1 - p_w)


@misconception(
    "The logit is shifted by {by}; multiplying the odds by w shifts it by the natural logarithm of w.",
    caught_by="test_value",
    family={"by": ("log10(w)", "log2(w)")},
)
def wrong_base(p_w, w, *, by="log10(w)"):
    return expit(np.log(p_w / (1 - p_w)) - (np.log10(w) if by == "log10(w)" else np.log2(w)))


@misconception(
    "p_w is used as if it were a logit: log w is taken off it and a sigmoid follows. Turn the probability into odds or a "
    "logit first.",
    caught_by="test_value",
    conceptual=True,
)
def takes_it_for_a_logit(p_w, w):
    return expit(p_w - np.log(w))


@misconception(
    "log w is taken off the probability itself. It is the logit, the logarithm of the odds, that the weight has shifted.",
    caught_by="test_value",
    conceptual=True,
)
def log_off_the_probability(p_w, w):
    return p_w - np.log(w)


@misconception("These are logits: turn them back into probabilities.", caught_by="test_value")
def leaves_logits(p_w, w):
    return np.log(p_w / (1 - p_w)) - np.log(w)


@misconception(
    "These are the odds: odds o belong to the probability o / (1 + o).", caught_by="test_value", conceptual=True
)
def leaves_odds(p_w, w):
    return p_w / (1 - p_w) / w


@misconception(
    "Odds o were turned back as o / (1 - o). They belong to the probability o / (1 + o).", caught_by="test_value"
)
def odds_over_one_minus(p_w, w):
    odds = p_w / (1 - p_w) / w
    with np.errstate(all="ignore"):
        return odds / (1 - odds)


@misconception(
    "The threshold 1 / (1 + w) or 1/2 turns the probabilities into yes or no: only 0 and 1 came back. Decisions are not "
    "probabilities.",
    caught_by="test_value",
    conceptual=True,
    family={"at": ("p_w", "undone")},
)
def hard_decisions(p_w, w, *, at="p_w"):
    return (p_w > (1 / (1 + w) if at == "p_w" else w / (1 + w))).astype(float)


@misconception(
    "Your probabilities are p_w / (1 + w). The number 1 / (1 + w) is what a probability of 0.5 becomes; it is not a factor "
    "for all of them.",
    caught_by="test_value",
)
def divides_by_one_plus_w(p_w, w):
    return p_w / (1 + w)


@misconception(
    "Every probability became 1 / (1 + w). That is what 0.5 becomes; each entry has odds of its own.",
    caught_by="test_value",
)
def what_a_half_becomes(p_w, w):
    return np.full(p_w.shape, 1 / (1 + w))


@misconception(
    "What comes back is p_w / (p_w + w): the weight must meet the chance of a negative, 1 - p_w, not stand alone. In terms "
    "of logits: log(p) stands in place of log(p / (1 - p)).",
    caught_by="test_value",
)
def weight_alone(p_w, w):
    return p_w / (p_w + w)


@misconception(
    "The weight stands beside the wrong term: in the weighted odds it is the negatives that must count w times to make up.",
    caught_by="test_value",
)
def weight_beside_the_wrong_term(p_w, w):
    return p_w / (w * p_w + 1 - p_w)


@misconception("That is the probability of a negative: one minus what was asked.", caught_by="test_value")
def complement(p_w, w):
    return w * (1 - p_w) / (p_w + w * (1 - p_w))


@misconception(
    "The odds are divided by w - 1: a weight of 1 would then divide by 0. A weight of w makes them w times as large.",
    caught_by="test_value",
)
def weight_minus_one(p_w, w):
    with np.errstate(all="ignore"):
        return p_w / (p_w + (w - 1) * (1 - p_w))


@misconception(
    "A weight below 1 is not undone. It has lowered the probabilities, and undoing it raises them.",
    caught_by="test_small_weights",
)
def only_weights_above_one(p_w, w):
    return p_w / (p_w + max(w, 1.0) * (1 - p_w))


@misconception(
    "A weight below 1 is undone the wrong way: the probabilities fall. It has lowered them, and undoing it raises them.",
    caught_by="test_small_weights",
)
def always_lowers(p_w, w):
    return p_w / (p_w + max(w, 1 / w) * (1 - p_w))


@misconception(
    "Probabilities below {eps:g} count as {eps:g}: they are cut off. For a rare label the small ones are the ones that matter.",
    caught_by="test_small_and_large_probabilities",
    family={"eps": (1e-3, 0.01, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11), "above": (True, False)},
)
def clips(p_w, w, *, eps=1e-3, above=True):
    p = np.clip(p_w, eps, 1 - eps if above else 1.0)
    return p / (p + w * (1 - p))


@misconception(
    "The results are not smaller than {eps:g}: they are cut off. For a rare label the small ones are the ones that matter.",
    caught_by="test_small_and_large_probabilities",
    family={"eps": (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11), "above": (True, False)},
)
def clips_the_result(p_w, w, *, eps=1e-4, above=True):
    return np.clip(p_w / (p_w + w * (1 - p_w)), eps, 1 - eps if above else 1.0)


@misconception(
    "A small number, {eps:g}, is added to a denominator or inside a logarithm. With odds or a weight at the far end it is "
    "not small; p_w lies strictly between 0 and 1, so nothing has to be added.",
    caught_by="test_small_and_large_probabilities",
    family={
        "eps": (1e-8, 1e-9, 1e-10),
        "where": ("1 - p", "in both logarithms", "denominator", "odds"),
    },
)
def adds_a_small_number(p_w, w, *, eps=1e-8, where="1 - p"):
    if where == "in both logarithms":
        return expit(np.log(p_w + eps) - np.log(1 - p_w + eps) - np.log(w))
    if where == "denominator":
        return p_w / (p_w + w * (1 - p_w) + eps)
    odds = p_w / (1 - p_w + eps) / w if where == "1 - p" else (p_w / (1 - p_w) + eps) / w
    return odds / (1 + odds)


@misconception(
    "The result is rounded: for a rare label the digits that were dropped are all there is.",
    caught_by="test_value",
    family={"digits": (2, 1, 3, 4, 5, 6)},
)
def rounds(p_w, w, *, digits=2):
    return np.round(p_w / (p_w + w * (1 - p_w)), digits)


@misconception(
    "One number came back, the {which}; one probability for each entry was asked for.",
    caught_by="test_value",
    family={"which": ("mean", "first")},
)
def average(p_w, w, *, which="mean"):
    undone = p_w / (p_w + w * (1 - p_w))
    return undone.mean() if which == "mean" else undone[0]


@misconception(
    "`p_w` was changed in place: the caller still needs it.",
    caught_by="test_inputs_unchanged",
    family={"left": ("result", "odds")},
)
def in_place(p_w, w, *, left="result"):
    answer = p_w / (p_w + w * (1 - p_w))
    p_w[:] = answer if left == "result" else p_w / (1 - p_w)
    return answer


@misconception("0.25 comes back for every entry, whatever goes in.", caught_by="test_value")
def visible_answer(p_w, w):
    return np.full(p_w.shape, 0.25)
