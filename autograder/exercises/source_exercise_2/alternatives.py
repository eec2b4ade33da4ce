"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("the numbers")
def numbers():
    return 0.66, 1.62


@alternative("the formula, once for each multiplier")
def formula():
    return 0.42 + 0.02 * max(0, 62 - 50), 0.42 + 0.10 * max(0, 62 - 50)


@alternative("an array of both")
def array():
    return tuple(0.42 + np.array([0.02, 0.10]) * np.maximum(0.0, 62.0 - 50.0))


@alternative("single precision")
def single_precision():
    return tuple(np.float32(0.42) + np.float32(lam) * np.float32(12) for lam in (0.02, 0.10))
