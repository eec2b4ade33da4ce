"""Right answers that look nothing alike."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

from autograder.testing import alternative


@alternative("the formula")
def formula(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click + w_cvr * bce_cvr_observed


@alternative("dot product of two arrays")
def dot_product(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return np.dot([w_click, w_cvr], [bce_click, bce_cvr_observed])


@alternative("a loop over pairs, summed exactly")
def loop(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return math.fsum(weight * loss for weight, loss in ((w_click, bce_click), (w_cvr, bce_cvr_observed)))


@alternative("back from the masked sum to the mean, for a batch of 1")
def through_the_sum(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    observed_sum = bce_cvr_observed * coverage
    return np.array(w_click * bce_click + w_cvr * (observed_sum / coverage))


@alternative("exact fractions")
def fractions(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return Fraction(w_click) * Fraction(bce_click) + Fraction(w_cvr) * Fraction(bce_cvr_observed)


@alternative("decimals of the digits that are printed")
def decimals(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    first, second, *weights = (Decimal(repr(one)) for one in (bce_click, bce_cvr_observed, w_click, w_cvr))
    return first * weights[0] + second * weights[1]
