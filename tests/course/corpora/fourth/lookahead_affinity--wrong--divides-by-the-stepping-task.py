"""Divides row i by the loss of task i (the one that took the step) instead of column j by the loss of task j."""
import numpy as np


def lookahead_affinity(loss_before, loss_after):
    """The share of each task's loss (columns) that a step for each task (rows) takes away."""
    before = np.asarray(loss_before).reshape(-1, 1)
    return 1 - np.asarray(loss_after) / before
