"""Python's fmean over zipped tasks."""
from statistics import fmean


def delta_m(metrics, single_task, higher_is_better):
    return fmean(
        (float(m) - float(b)) / float(b) if up else (float(b) - float(m)) / float(b)
        for m, b, up in zip(metrics, single_task, higher_is_better)
    )
