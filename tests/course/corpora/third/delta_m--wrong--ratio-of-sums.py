"""Divides the summed gain by the summed baseline, so that the task with the large numbers decides."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    gain = np.where(higher_is_better, metrics - single_task, single_task - metrics)
    return gain.sum() / single_task.sum()
