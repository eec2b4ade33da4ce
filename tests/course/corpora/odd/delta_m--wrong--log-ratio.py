"""Averages the logarithms of the ratios, with a sign."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    with np.errstate(divide="ignore"):
        return float(np.mean(np.where(higher_is_better, 1, -1) * np.log(np.maximum(metrics, 1e-300) / single_task)))
