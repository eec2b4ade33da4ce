"""Milestones of a project: is a stage's output usable? Not: is it the only right one?

Every check looks at what a learner's stage left behind and answers with a `Finding`. No check raises, whatever it is
given: an unsolved stage is a normal state of a project. A number is refused only where it is worse than asked for
*beyond noise*. The notebooks take all of it from here, wherever it is written.
"""

from mtl_teach.learn.projects.comparisons import (
    chosen_on_validation,
    configurations,
    efficient_choice,
    gains_over_single,
    intervals_present,
    single_task_baselines,
    stacked,
)
from mtl_teach.learn.projects.findings import Board, Finding, Usability, floats
from mtl_teach.learn.projects.predictions import (
    better_than_mean,
    calibrated_total,
    precision_kept,
    unmoved_by_test_labels,
    usable_predictions,
)
from mtl_teach.learn.projects.tables import print_table
from mtl_teach.learn.projects.written import audit_filled, weight_log_filled

__all__ = [
    "Board",
    "Finding",
    "Usability",
    "audit_filled",
    "better_than_mean",
    "calibrated_total",
    "chosen_on_validation",
    "configurations",
    "efficient_choice",
    "floats",
    "gains_over_single",
    "intervals_present",
    "precision_kept",
    "print_table",
    "single_task_baselines",
    "stacked",
    "unmoved_by_test_labels",
    "usable_predictions",
    "weight_log_filled",
]
