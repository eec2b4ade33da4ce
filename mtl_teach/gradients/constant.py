"""Add the gradients, or average them: the weights that look at nothing."""

import numpy as np


def sum_weights(gramian: np.ndarray) -> np.ndarray:
    """Weight every task 1: the gradient of the summed loss."""
    return np.ones(len(gramian))


def mean_weights(gramian: np.ndarray) -> np.ndarray:
    """Weight every task 1 / n_tasks."""
    return np.full(len(gramian), 1 / len(gramian))
