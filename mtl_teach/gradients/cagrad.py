r"""Help the worst-off task as much as a ball around the mean gradient allows (CAGrad).

.. math::  \max_d\, \min_t\, d \cdot g_t \qquad\text{with } |d - g_0| \le c\,|g_0|

for the gradients :math:`g_t` and their mean :math:`g_0`; :math:`c` is the size of the ball, 0 for the mean itself.

Source: Liu et al., Conflict-averse gradient descent, NeurIPS 2021, algorithm 1.
"""

import numpy as np
from scipy.optimize import brentq

from mtl_teach._validate import check_all
from mtl_teach.gradients._geometry import coordinates, min_norm_point, share_among_equals
from mtl_teach.gradients.constant import mean_weights


def cagrad_weights(gramian: np.ndarray, c: float = 0.5) -> np.ndarray:
    """Improve the worst-off task as much as a ball around the mean gradient allows (CAGrad).

    With mean gradient g0 and radius ``r = c |g0|``, the direction is ``g0 + r * g_w / |g_w|``, where g_w is the
    convex combination of the gradients that minimises ``g_w . g0 + r |g_w|``. We take the mean, not the sum,
    and do not divide by 1 + c² as the authors' code does by default. ``c=0`` is "mean". Where g_w is 0 there
    is nothing to improve and all weights are 0; a task whose gradient is 0 therefore stops every other task.

    References
    ----------
    Liu et al., Conflict-averse gradient descent, NeurIPS 2021, algorithm 1.
    """
    check_all("c", c, 0 <= c < np.inf, "be non-negative and finite")
    mean, rows = mean_weights(gramian), coordinates(gramian)
    radius = c * np.linalg.norm(mean @ rows)
    if radius == 0:
        return mean

    # If the length n of g_w were known, minimising would be to find the point of the hull nearest to
    # -(n / radius) g0. The n that reproduces itself is the solution, and there is only one. It is looked for by its
    # logarithm, so that a gradient may be 1e-10 of another: squared errors in euros and in days are.
    def combination(log_length: float) -> np.ndarray:
        return min_norm_point(rows + np.exp(log_length) / radius * (mean @ rows))

    def excess(log_length: float) -> float:
        return float(np.linalg.norm(combination(log_length) @ rows) - np.exp(log_length))

    # Each row is accurate to 1e-8 of its own length, the longest of which is 1: a hull that comes nearer to 0 than that
    # of the shortest row touches it.
    lengths = np.linalg.norm(rows, axis=1)
    nearest, farthest = np.log(1e-7 * lengths[lengths > 0].min()), np.log(1.0 + 1e-7)
    if excess(nearest) <= 0:
        return np.zeros(len(gramian))
    weights = combination(brentq(excess, nearest, farthest, xtol=1e-14, rtol=1e-14))
    return mean + radius / np.linalg.norm(weights @ rows) * share_among_equals(weights, gramian)
