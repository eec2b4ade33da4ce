"""Right answers that look nothing alike."""

import math

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
