"""Every milestone as a function of one stage's value, with what an unsolved, an odd and a solved stage look like."""

import copy

import numpy as np
import torch

from mtl_teach.learn.projects.milestones import (
    audit_filled,
    better_than_mean,
    calibrated_total,
    chosen_on_validation,
    configurations,
    efficient_choice,
    gains_over_single,
    intervals_present,
    precision_kept,
    single_task_baselines,
    unmoved_by_test_labels,
    usable_predictions,
    weight_log_filled,
)
from mtl_teach.metrics import delta_m, mean_interval

RNG = np.random.default_rng(0)
Y = np.column_stack([RNG.normal(300, 100, 40), RNG.normal(50, 20, 40)])
GOOD = Y + RNG.normal(0, [25, 5], Y.shape)
TRAIN, VALIDATION = slice(0, 20), slice(20, 40)
PARTS = {"training": TRAIN, "validation": VALIDATION}
RESULTS = {f"w={w}": RNG.normal(0.5, 0.1, (3, 2)) for w in range(5)}
TABLE = {name: mean_interval(rows) for name, rows in RESULTS.items()}
SINGLE = RNG.normal(0.5, 0.1, (3, 2))
GAINS = {name: np.array([delta_m(s, b, [True, True]) for s, b in zip(rows, SINGLE)]) for name, rows in RESULTS.items()}
LOG = [
    {"configuration": f"w={w}", "weights": (w, 1 - w), "reason": f"to see what share {w} buys", "decision": "dropped"}
    for w in range(5)
]
AUDIT = {"Logged?": "the history has a column per task", "Masked?": "tests/test_mask.py covers NaN labels"}
NOISE = np.array([[-0.02, 0.02], [0.02, -0.02], [0.0, 0.0]])
BEST = {name: NOISE + np.array(point) for name, point in (("a", (0.9, 0.1)), ("b", (0.5, 0.5)), ("c", (0.4, 0.4)))}

LABELS = np.tile([[1, 0], [0, 1], [1, 1], [0, 0]], (10, 1))
CHANCES = np.clip(LABELS * 0.6 + RNG.uniform(0, 0.4, LABELS.shape), 0, 1)  # positives from .6 on, the others below .4


def mean_error(truth, predicted):
    return float(np.mean(np.abs(truth - predicted)))


SCORED = np.array([[mean_error(Y[VALIDATION, k], GOOD[VALIDATION, k]) for k in (0, 1)], [4.0, 4.0]])


def anew(value):
    """The same numbers in an object of their own, as a second training returns them."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    return (*value,) if isinstance(value, tuple) else copy.copy(value)


def kept(thresholds, target=0.8):
    return precision_kept(thresholds, CHANCES, LABELS, slice(None), target, ["sport", "health"])


CHECKS = {
    "thresholds": kept,
    "predictions": lambda value: usable_predictions(value, (40, 2)),
    "against the mean": lambda value: better_than_mean(value, Y, TRAIN, VALIDATION, ["price", "days"]),
    "test rows": lambda value: unmoved_by_test_labels(lambda: anew(value), value, [Y.copy()], VALIDATION),
    "configurations": lambda value: configurations(value, 2),
    "table": lambda value: intervals_present(value, RESULTS, 2),
    "single": lambda value: single_task_baselines(value, 2, RESULTS),
    "gains": lambda value: gains_over_single(value, RESULTS, SINGLE, [True, True]),
    "weight log": weight_log_filled,
    "audit": audit_filled,
    "choice": lambda value: efficient_choice(BEST, value, [True, True]),
    "results of a choice": lambda value: efficient_choice(value, "a", [True, True]),
    "evidence": lambda value: chosen_on_validation({"a": value}, "a", GOOD, Y, PARTS, mean_error),
    "final predictions": lambda value: chosen_on_validation({"a": SCORED}, "a", value, Y, PARTS, mean_error),
    "total": lambda value: calibrated_total(value, Y[:, 0], VALIDATION),
}

USABLE = {
    "thresholds": [0.5, 0.5],
    "predictions": GOOD,
    "against the mean": GOOD,
    "test rows": GOOD,
    "configurations": RESULTS,
    "table": TABLE,
    "single": SINGLE,
    "gains": GAINS,
    "weight log": LOG,
    "audit": AUDIT,
    "choice": "b",
    "results of a choice": BEST,
    "evidence": SCORED,
    "final predictions": GOOD,
    "total": GOOD[:, 0],
}


def spoilt(array, index, value):
    changed = np.array(array, dtype=float)
    changed[index] = value
    return changed


def log_with(**changes):
    return [LOG[0] | changes, *LOG[1:]]
