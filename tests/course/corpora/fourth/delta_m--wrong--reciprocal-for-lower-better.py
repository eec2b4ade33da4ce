"""For a lower-is-better metric takes baseline / metric - 1, a change as a fraction of the new value and not of the baseline."""
import numpy as np


def delta_m(metrics, single_task, higher_is_better):
    """Mean relative change against fixed single-task baselines; positive is better."""
    m = np.asarray(metrics, dtype=float)
    b = np.asarray(single_task, dtype=float)
    ratio = np.where(higher_is_better, m / b, b / m)
    return float(np.mean(ratio - 1))
