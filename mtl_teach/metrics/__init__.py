"""Measuring several tasks: per-task metrics, aggregates with their traps, thresholds, and intervals over
seeds.

Two aggregates, for a score matrix with models in rows and tasks in columns::

    z-score aggregate:  mean over tasks of ± (score - mean over models) / sd over models
    Delta_m:            mean over tasks of ± (score - baseline) / baseline

with + where higher is better. The first depends on *which other models are in the table*: adding a third
can swap the first two. The second compares with a fixed single-task baseline, which is why the baseline is
an argument here.

One measure per file lives here, with the intervals and thresholds that go with it. It may import NumPy, SciPy,
`mtl_teach._validate` and `mtl_teach._tables`, nothing else of the course, and never torch, so that scores can be read
without waiting for it.

References
----------
Maninis, Radosavovic, Kokkinos, "Attentive Single-Tasking of Multiple Tasks", 2019, eq. 4 (Delta_m, in percent; ours
is a fraction). `relative_gain` says which papers print it with which sign.
"""

from mtl_teach.metrics.intervals import Interval, mean_interval
from mtl_teach.metrics.per_task import Metric, per_task_metrics
from mtl_teach.metrics.relative_gain import delta_m
from mtl_teach.metrics.thresholds import ThresholdTuner
from mtl_teach.metrics.zscore import zscore_aggregate

__all__ = [
    "Interval",
    "Metric",
    "ThresholdTuner",
    "delta_m",
    "mean_interval",
    "per_task_metrics",
    "zscore_aggregate",
]
