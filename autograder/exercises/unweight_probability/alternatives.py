"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("one formula")
def one_formula(p_w, w):
    return p_w / (p_w + w * (1 - p_w))


@alternative("through the odds")
def through_odds(p_w, w):
    odds = p_w / (1 - p_w) / w
    return odds / (1 + odds)


@alternative("a shift of the logit")
def logit_shift(p_w, w):
    from scipy.special import expit, logit

    return expit(logit(np.asarray(p_w, dtype=float)) - np.log(w))


@alternative("a loop over Python floats, by the negatives: each counts w times against the weighted positives")
def loop(p_w, w):
    answer = []
    for p in p_w.tolist():
        negatives = (1.0 - p) * w
        answer.append(1.0 / (1.0 + negatives / p))
    return answer


@alternative("Bayes' rule with the prior put back")
def bayes(p_w, w):
    joint = np.stack([(1 - p_w) * w / (1 + w), p_w / (1 + w)])
    return tuple(joint[1] / joint.sum(axis=0))


@alternative("the other way to write the denominator")
def other_denominator(p_w, w):
    return p_w / (w - (w - 1) * p_w)


@alternative("multiplied by one over the denominator")
def one_over_the_denominator(p_w, w):
    negative = 1 - p_w.astype(float)
    return np.multiply(p_w, 1 / (p_w + negative * w))


@alternative("torch, in float64, with a sigmoid")
def in_torch(p_w, w):
    import torch

    p = torch.tensor(p_w, dtype=torch.float64)
    return torch.sigmoid(torch.log(p) - torch.log1p(-p) - torch.tensor(float(w), dtype=torch.float64).log())


@alternative("exact fractions, one by one")
def fractions(p_w, w):
    from fractions import Fraction

    answer = np.empty(p_w.shape)
    for i, p in enumerate(map(Fraction, p_w.tolist())):
        odds = p / (1 - p) / Fraction(w)
        answer[i] = odds / (odds + 1)
    return answer
