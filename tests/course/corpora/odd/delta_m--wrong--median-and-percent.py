"""Two mistakes: the median over tasks, and times 100."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    return float(100 * np.median(np.where(higher_is_better, 1, -1) * (metrics - single_task) / single_task))
