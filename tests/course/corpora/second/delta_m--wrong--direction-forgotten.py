"""Forgets the direction: a falling error counts as a loss."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    rel = (np.asarray(metrics) - np.asarray(single_task)) / np.asarray(single_task)
    return rel.mean()
