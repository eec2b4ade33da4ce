"""Adds 1e-8 to the baseline, so that the change against a tiny baseline comes out too small."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    change = (metrics - single_task) / (single_task + 1e-8)
    change[~higher_is_better] *= -1
    return change.mean()
