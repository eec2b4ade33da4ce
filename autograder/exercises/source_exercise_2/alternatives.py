"""Right answers that look nothing alike."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from autograder.testing import alternative

LAMBDAS = (0.02, 0.10)


@alternative("the numbers, to three decimals")
def numbers(ce, latency, budget):
    return tuple(round(ce + lam * (latency - budget), 3) for lam in LAMBDAS)


@alternative("the formula, once for each multiplier")
def formula(ce, latency, budget):
    return ce + 0.02 * max(0, latency - budget), ce + 0.10 * max(0, latency - budget)


@alternative("an array of both")
def array(ce, latency, budget):
    return tuple(ce + np.array(LAMBDAS) * np.maximum(0.0, latency - budget))


@alternative("single precision")
def single_precision(ce, latency, budget):
    return tuple(np.float32(ce) + np.float32(lam) * np.float32(latency - budget) for lam in LAMBDAS)


@alternative("the numbers in quotes")
def in_quotes(ce, latency, budget):
    return tuple(f"{ce + lam * (latency - budget):.2f}" for lam in LAMBDAS)


@alternative("a fraction and a decimal")
def fraction_and_decimal(ce, latency, budget):
    over = int(latency - budget)
    return Fraction(str(ce)) + Fraction(2, 100) * over, Decimal(str(ce)) + Decimal("0.10") * over
