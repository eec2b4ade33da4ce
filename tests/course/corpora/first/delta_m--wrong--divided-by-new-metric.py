"""Takes the change as a fraction of the new metric, which also fails at 0."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    sgn = np.where(higher_is_better, 1, -1)
    return np.mean(sgn * (metrics - single_task) / metrics)
