"""Milestones say whether a stage's output is usable, and never raise."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mtl_teach.learn.projects.milestones import (
    Board,
    Finding,
    Usability,
    audit_filled,
    better_than_mean,
    calibrated_total,
    configurations,
    efficient_choice,
    intervals_present,
    precision_kept,
    usable_predictions,
    weight_log_filled,
)
from mtl_teach.metrics import mean_interval

RNG = np.random.default_rng(0)
Y = np.column_stack([RNG.normal(300, 100, 40), RNG.normal(50, 20, 40)])
GOOD = Y + RNG.normal(0, 5, Y.shape)
TRAIN, VALIDATION = slice(0, 20), slice(20, 40)
RESULTS = {f"w={w}": RNG.normal(0.5, 0.1, (3, 2)) for w in range(5)}
TABLE = {name: mean_interval(rows) for name, rows in RESULTS.items()}
LOG = [
    {"configuration": f"w={w}", "weights": (w, 1 - w), "reason": f"to see what share {w} buys", "decision": "dropped"}
    for w in range(5)
]
AUDIT = {"Logged?": "the history has a column a task", "Masked?": "tests/test_mask.py covers NaN labels"}
BEST = {"a": [0.9, 0.1], "b": [0.5, 0.5], "c": [0.4, 0.4]}

LABELS = np.tile([[1, 0], [0, 1], [1, 1], [0, 0]], (10, 1))
CHANCES = np.clip(LABELS * 0.6 + RNG.uniform(0, 0.4, LABELS.shape), 0, 1)  # positives from .6 on, the others below .4


def kept(thresholds, target=0.8):
    return precision_kept(thresholds, CHANCES, LABELS, slice(None), target, ["sport", "health"])


CHECKS = {
    "thresholds": kept,
    "predictions": lambda value: usable_predictions(value, (40, 2)),
    "against the mean": lambda value: better_than_mean(value, Y, TRAIN, VALIDATION, ["price", "days"]),
    "configurations": lambda value: configurations(value, 2),
    "table": lambda value: intervals_present(value, RESULTS, 2),
    "weight log": weight_log_filled,
    "audit": audit_filled,
    "choice": lambda value: efficient_choice(BEST, value, [True, True]),
    "results of a choice": lambda value: efficient_choice(value, "a", [True, True]),
    "total": lambda value: calibrated_total(value, Y[:, 0], VALIDATION),
}


@pytest.mark.parametrize("unsolved", [None, ..., [], {}, "", "..."], ids=repr)
@pytest.mark.parametrize("check", CHECKS)
def test_an_unsolved_stage_is_not_done_yet(check, unsolved):
    assert CHECKS[check](unsolved).usability is Usability.NOT_DONE


@pytest.mark.parametrize(
    "odd",
    [3, "text", object(), {"a": "b"}, {1: None}, [[1], [2, 3]], np.array("x"), np.zeros((0, 2)), torch.ones(2)],
    ids=lambda odd: type(odd).__name__,
)
@pytest.mark.parametrize("check", CHECKS)
def test_whatever_stands_in_a_stage_gets_an_answer_and_not_an_exception(check, odd):
    found = CHECKS[check](odd)
    assert not found
    assert found.message


USABLE = {
    "thresholds": [0.5, 0.5],
    "predictions": GOOD,
    "against the mean": GOOD,
    "configurations": RESULTS,
    "table": TABLE,
    "weight log": LOG,
    "audit": AUDIT,
    "choice": "b",
    "results of a choice": BEST,
    "total": GOOD[:, 0],
}


@pytest.mark.parametrize("check", CHECKS)
def test_a_solved_stage_is_usable(check):
    assert CHECKS[check](USABLE[check])


def test_tensors_and_lists_count_as_numbers():
    assert CHECKS["predictions"](torch.tensor(GOOD, requires_grad=True))
    assert CHECKS["predictions"](GOOD.tolist())


def spoilt(array, index, value):
    copy = np.array(array, dtype=float)
    copy[index] = value
    return copy


def log_with(**changes):
    return [LOG[0] | changes, *LOG[1:]]


NOT_USABLE = [
    ("thresholds", [0.5, 0.0], "Below the target of 0.80: health 0.50"),
    ("thresholds", [1.0, 0.5], "No row reaches the threshold of sport"),
    ("thresholds", [np.inf, np.inf], "No label is ever predicted"),
    ("thresholds", [0.5], "must be 2 numbers, one a label"),
    ("thresholds", [0.5, np.nan], "must be 2 numbers, one a label"),
    ("predictions", GOOD[:10], r"must have shape \(40, 2\); got \(10, 2\)"),
    ("predictions", spoilt(GOOD, 3, np.nan), "2 of 80 predictions are NaN or infinite"),
    ("predictions", spoilt(GOOD, (slice(None), 1), 7), "same for every row"),
    ("against the mean", GOOD[::-1], "No better than the training mean: price, days"),
    ("against the mean", spoilt(GOOD, (slice(20, 40), 1), 500), "mean: days. Error over the mean's: price 0.0"),
    ("configurations", RESULTS | {"w=1": np.ones((1, 2))}, "w=1: one seed says nothing"),
    ("configurations", RESULTS | {"w=1": np.ones((3, 4))}, r"w=1: expected shape \(n_seeds, 2\); got \(3, 4\)"),
    ("configurations", RESULTS | {"w=1": spoilt(RESULTS["w=1"], 0, np.inf)}, "w=1: a value is NaN or infinite"),
    ("configurations", RESULTS | {"w=1": RESULTS["w=0"]}, "w=0 and w=1 agree to the last digit"),
    ("table", {name: rows.mean(axis=0) for name, rows in RESULTS.items()}, "w=0 has no interval"),
    ("table", TABLE | {"w=2": mean_interval([[0.1, 0.2]] * 3)}, "not a positive number: are the seeds different"),
    ("table", TABLE | {"w=2": mean_interval([0.1, 0.2])}, "one mean and one interval a task, 2"),
    ("weight log", log_with(weights=None), "Line 1 lacks: weights"),
    ("weight log", log_with(reason="looked good"), "Line 1: 'looked good' is too short"),
    ("weight log", log_with(reason=LOG[3]["reason"]), "Two lines give the same reason"),
    ("audit", AUDIT | {"Masked?": "yes"}, "in four words or more: Masked"),
    ("choice", "c", "c is dominated: another is at least as good everywhere. Efficient: a, b"),
    ("choice", "d", "must be one of a, b, c; got 'd'"),
    ("results of a choice", BEST | {"b": [0.5, np.nan]}, "needs 2 finite objectives"),
    ("total", 0.5 * GOOD[:, 0], "Predicted over realised is 0.50; at most 10% off is wanted"),
]


@pytest.mark.parametrize(
    ("check", "value", "why"), NOT_USABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_output_that_cannot_be_used_is_told_why(check, value, why):
    found = CHECKS[check](value)
    assert found.usability is Usability.NOT_USABLE
    assert re.search(why, found.message)


def test_what_is_only_begun_is_not_done_yet():
    begun = {
        "configurations": {"w=0": RESULTS["w=0"], "w=1": None},
        "table": {"w=0": TABLE["w=0"]},
        "weight log": [LOG[0], dict.fromkeys(LOG[0], "...")],
    }
    messages = [CHECKS[check](value) for check, value in begun.items()]
    assert [found.usability for found in messages] == [Usability.NOT_DONE] * 3
    assert messages[0].message == "1 of at least 5 configurations are there."
    assert messages[1].message == "Without a row yet: w=1, w=2, w=3, w=4."
    assert messages[2].message == "1 of at least 5 lines are there."


def test_a_configuration_asked_for_by_name_must_be_there():
    assert "without w=9" in configurations(RESULTS, 2, names=["w=1", "w=9"]).message


def test_twins_are_allowed_where_two_ways_are_the_same_on_purpose():
    assert configurations(RESULTS | {"again": RESULTS["w=0"]}, 2, distinct=False)


def test_logits_are_no_probabilities():
    assert "Logits?" in usable_predictions(GOOD, (40, 2), probabilities=True).message
    assert usable_predictions(GOOD / GOOD.max(), (40, 2), probabilities=True)


def test_missing_labels_are_left_out_of_the_comparison_with_the_mean():
    y = spoilt(Y, (slice(None, None, 3), 1), np.nan)
    assert better_than_mean(GOOD, y, TRAIN, VALIDATION, ["price", "days"])


def test_smaller_is_better_where_the_choice_says_so():
    assert efficient_choice(BEST, "c", maximise=[False, False])
    assert not efficient_choice(BEST, "b", maximise=[False, False])


def test_a_choice_is_judged_on_means_over_seeds():
    spread = np.array([[-0.2, 0.2], [0.2, -0.2]])
    seeds = {name: spread + point for name, point in BEST.items()}
    assert efficient_choice(seeds, "b", [True, True])


def test_the_board_marks_each_verdict_and_names_what_is_left(capsys):
    board = Board()
    for verdict in Usability:
        board.show(f"stage {verdict.value}", Finding(verdict, "Why."))
    board.summary()
    assert capsys.readouterr().out.splitlines() == [
        "[  ] stage not done yet: not done yet. Why.",
        "[!!] stage not usable: not usable. Why.",
        "[ok] stage usable: usable. Why.",
        "1 of 3 milestones usable. Left: stage not done yet (not done yet); stage not usable (not usable).",
    ]


def test_a_stage_that_is_run_again_counts_once(capsys):
    board = Board()
    board.show("stage", Finding(Usability.NOT_DONE, "Why."))
    board.show("stage", Finding(Usability.USABLE, "Why."))
    board.summary()
    assert capsys.readouterr().out.endswith("1 of 1 milestones usable.\n")


def test_an_interval_of_something_else_is_no_interval():
    table = TABLE | {"w=0": SimpleNamespace(mean="high", half_width="low")}
    assert "w=0 has no interval" in intervals_present(table, RESULTS, 2).message


def test_a_label_may_be_given_up_on_purpose():
    assert kept([0.5, np.inf]).message == "Every label keeps 0.80. Never predicted: health."


def test_thresholds_without_probabilities_wait_for_them():
    assert precision_kept([0.5, 0.5], None, LABELS, slice(None), 0.8, ["a", "b"]).usability is Usability.NOT_DONE
