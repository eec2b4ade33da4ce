"""Right answers that look nothing alike."""

import math

import numpy as np

from autograder.testing import alternative


@alternative("a loop that returns a list of Python floats")
def loop(ctr_logit, cvr_logit, price):
    worth = []
    for click, conversion, value in zip(ctr_logit, cvr_logit, price):
        p_click = 0.5 * (1 + math.tanh(click / 2))
        p_conversion = 0.5 * (1 + math.tanh(conversion / 2))
        worth.append(p_click * p_conversion * float(value))
    return worth


@alternative("the hyperbolic tangent, in the dtype that came in")
def by_tanh(ctr_logit, cvr_logit, price):
    p_click, p_conversion = (1 + np.tanh(ctr_logit / 2)) / 2, (1 + np.tanh(cvr_logit / 2)) / 2
    return p_click * p_conversion * price


@alternative("scipy's expit")
def with_expit(ctr_logit, cvr_logit, price):
    from scipy.special import expit

    return expit(ctr_logit) * expit(cvr_logit) * price


@alternative("in log space")
def log_space(ctr_logit, cvr_logit, price):
    from scipy.special import log_expit

    return np.exp(log_expit(ctr_logit) + log_expit(cvr_logit)) * price


@alternative("division by the product of both denominators")
def one_division(ctr_logit, cvr_logit, price):
    with np.errstate(over="ignore"):
        return price / ((1 + np.exp(-ctr_logit)) * (1 + np.exp(-cvr_logit)))


@alternative("torch tensors all the way, returned as a tensor")
def in_torch(ctr_logit, cvr_logit, price):
    import torch

    click, conversion, value = map(torch.as_tensor, (ctr_logit, cvr_logit, price))
    return torch.sigmoid(click) * torch.sigmoid(conversion) * value


@alternative("two branches by sign, filled into an empty array")
def two_branches(ctr_logit, cvr_logit, price):
    worth = np.array(price, dtype=float)
    for logit in (np.asarray(ctr_logit, float), np.asarray(cvr_logit, float)):
        up = logit >= 0
        worth[up] /= 1 + np.exp(-logit[up])
        worth[~up] *= np.exp(logit[~up]) / (1 + np.exp(logit[~up]))
    return worth


@alternative("logits clipped far out, where the price keeps its seven digits")
def clipped_far_out(ctr_logit, cvr_logit, price):
    first, second = (1 / (1 + np.exp(-np.clip(logit, -30, 30))) for logit in (ctr_logit, cvr_logit))
    return np.prod([first, second, price], axis=0)


@alternative("the second class of a softmax over (0, logit)")
def two_class_softmax(ctr_logit, cvr_logit, price):
    def chance(logit):
        scores = np.stack([np.zeros_like(logit), logit])
        scores = np.exp(scores - scores.max(axis=0))
        return scores[1] / scores.sum(axis=0)

    return np.einsum("i,i,i->i", chance(ctr_logit), chance(cvr_logit), price)
