"""Takes the geometric mean of the ratios, minus 1."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    r = np.where(higher_is_better, metrics / single_task, 2 - metrics / single_task)
    return float(np.sign(np.prod(r)) * np.abs(np.prod(r)) ** (1 / len(r)) - 1)
