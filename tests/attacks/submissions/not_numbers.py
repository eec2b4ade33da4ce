# ruff: noqa
"""Answer with NaN, infinities, huge integers, text and nothing."""

import itertools

import torch

answers = itertools.cycle([float("nan"), float("inf"), -float("inf"), 10**300, -(10**30), "full marks", None, True, {}])


def masked_mean(values, mask):
    return next(answers)
