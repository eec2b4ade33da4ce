"""Right answers that look nothing alike."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from autograder.testing import alternative


@alternative("the number, to three decimals")
def number(click, cvr, percent, w_click, w_cvr):
    return round(w_click * click + w_cvr * cvr, 3)


@alternative("the formula")
def formula(click, cvr, percent, w_click, w_cvr):
    return w_click * click + w_cvr * cvr


@alternative("a dot product, which is a NumPy number")
def dot_product(click, cvr, percent, w_click, w_cvr):
    return np.array([w_click, w_cvr]) @ np.array([click, cvr])


@alternative("a single-precision array without dimensions")
def single_precision(click, cvr, percent, w_click, w_cvr):
    return np.asarray(np.float32(w_click) * np.float32(click) + np.float32(w_cvr) * np.float32(cvr))


@alternative("an array of one entry")
def one_entry(click, cvr, percent, w_click, w_cvr):
    return np.array([w_click * click + w_cvr * cvr])


@alternative("the number in quotes")
def in_quotes(click, cvr, percent, w_click, w_cvr):
    return f"{w_click * click + w_cvr * cvr:.3f}"


@alternative("fractions")
def fractions(click, cvr, percent, w_click, w_cvr):
    return sum(Fraction(str(weight)) * Fraction(str(loss)) for weight, loss in ((w_click, click), (w_cvr, cvr)))


@alternative("decimals")
def decimals(click, cvr, percent, w_click, w_cvr):
    return Decimal(str(w_click)) * Decimal(str(click)) + Decimal(str(w_cvr)) * Decimal(str(cvr))
