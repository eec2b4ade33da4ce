"""Project each gradient onto the directions that hurt no task (UPGrad)."""

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
