"""The ratio to the baseline minus 1, turned around by np.where."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    ratio = np.asarray(metrics, float) / np.asarray(single_task, float)
    gains = np.where(np.asarray(higher_is_better, bool), ratio - 1, 1 - ratio)
    return gains.sum() / len(gains)
