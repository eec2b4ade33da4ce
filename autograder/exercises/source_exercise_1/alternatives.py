"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("the number")
def number():
    return 2.05


@alternative("the formula")
def formula():
    w_click, w_cvr, bce_click, bce_cvr = 1.0, 2.0, 0.35, 0.85
    return w_click * bce_click + w_cvr * bce_cvr


@alternative("a dot product, which is a NumPy number")
def dot_product():
    return np.array([1.0, 2.0]) @ np.array([0.35, 0.85])


@alternative("a single-precision array without dimensions")
def single_precision():
    return np.asarray(np.float32(0.35) + np.float32(2) * np.float32(0.85))
