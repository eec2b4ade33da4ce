"""What project notebooks use: milestones that say whether a stage is usable, and optional data from the network.

A milestone asks whether a stage's output is usable, not whether it is the only right one. Every check answers with a
`Finding` and none raises, whatever it is given: an unsolved stage is a normal state of a project.

Imports nothing of the companion, only the library.
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
from mtl_teach.learn.projects.online import load_online
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
    "load_online",
    "precision_kept",
    "print_table",
    "single_task_baselines",
    "stacked",
    "unmoved_by_test_labels",
    "usable_predictions",
    "weight_log_filled",
]
