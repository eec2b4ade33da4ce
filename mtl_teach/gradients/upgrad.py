r"""Move each gradient to the nearest direction that hurts no task, then average (UPGrad).

.. math::  d = \frac1T \sum_t \operatorname*{arg\,min}_{v:\ J v \ge 0} |v - g_t|

for the gradients :math:`g_t`, the rows of :math:`J`. The set on the right is the *dual cone* of the gradients: all
directions whose inner product with none of them is negative.

Source: Quinton & Rey, Jacobian descent for multi-objective optimization, 2024.
"""

import numpy as np

from mtl_teach.gradients._geometry import coordinates, non_negative_least_squares, share_among_equals


def upgrad_weights(gramian: np.ndarray) -> np.ndarray:
    """Project each gradient onto the directions that hurt no task, then average (UPGrad).

    Moving g_i as little as possible until it has no negative inner product with any gradient means adding
    non-negative multiples x of the gradients such that ``g_i + sum_j x_j g_j`` is shortest.

    References
    ----------
    Quinton & Rey, Jacobian descent for multi-objective optimization, 2024: UPGrad and its quadratic programme.
    """
    rows = coordinates(gramian)
    weights = [unit + non_negative_least_squares(rows.T, -row) for unit, row in zip(np.eye(len(rows)), rows)]
    return share_among_equals(np.mean(weights, axis=0), gramian)
