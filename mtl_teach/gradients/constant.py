r"""Add the gradients, or average them: the weights that look at nothing, and what every method is compared with.

.. math::  d = \sum_t g_t \qquad\text{or}\qquad d = \frac1T \sum_t g_t

for the gradients :math:`g_t` of :math:`T` tasks. Source: no paper; this is the gradient of the summed and of the mean
loss.
"""

import numpy as np


def sum_weights(gramian: np.ndarray) -> np.ndarray:
    """Weight every task 1: the gradient of the summed loss."""
    return np.ones(len(gramian))


def mean_weights(gramian: np.ndarray) -> np.ndarray:
    """Weight every task 1 / n_tasks."""
    return np.full(len(gramian), 1 / len(gramian))
