"""Adds 1e-8 to the baseline against a division by zero, which spoils tiny baselines."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    """Mean relative change against fixed single-task baselines; positive is better."""
    sign = np.where(higher_is_better, 1.0, -1.0)
    change = (np.asarray(metrics) - np.asarray(single_task)) / (np.asarray(single_task) + 1e-8)
    return float(np.mean(sign * change))
