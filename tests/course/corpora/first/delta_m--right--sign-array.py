"""A sign for each task and the mean."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    sign = np.where(higher_is_better, 1.0, -1.0)
    return float(np.mean(sign * (metrics - single_task) / single_task))
