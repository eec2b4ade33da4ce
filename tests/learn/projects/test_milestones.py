"""Milestones say whether a stage's output is usable, and never raise."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mtl_teach.learn.projects import milestones
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
from mtl_teach.metrics.intervals import Interval, mean_interval

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


@pytest.mark.parametrize("unsolved", [None, ..., [], (), {}, set(), "", "...", " ... \n"], ids=repr)
@pytest.mark.parametrize("check", CHECKS)
def test_an_unsolved_stage_is_not_done_yet(check, unsolved):
    assert CHECKS[check](unsolved) == Finding(Usability.NOT_DONE, "Nothing is there.")


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


REALISED = GOOD[VALIDATION, 0].sum() / Y[VALIDATION, 0].sum()
ERRORS = ((Y - GOOD)[VALIDATION] ** 2).sum(axis=0) / ((Y[VALIDATION] - Y[TRAIN].mean(axis=0)) ** 2).sum(axis=0)
SAID = {
    "thresholds": "Every label keeps 0.80.",
    "predictions": "40 finite rows that differ from each other, one column a task.",
    "against the mean": "Every task beats the training mean. Error over the mean's: "
    f"price {ERRORS[0]:.2f}, days {ERRORS[1]:.2f}.",
    "configurations": "5 configurations, 3 seeds or more each.",
    "table": "5 rows with a 95 % interval for each task.",
    "weight log": "5 lines, each with weights, a reason and a decision.",
    "audit": "2 boxes answered.",
    "choice": "b is efficient. Efficient: a, b.",
    "results of a choice": "a is efficient. Efficient: a, b.",
    "total": f"Predicted over realised is {REALISED:.2f}.",
}


@pytest.mark.parametrize("check", CHECKS)
def test_a_solved_stage_is_usable_and_says_what_was_seen(check):
    assert CHECKS[check](USABLE[check]) == Finding(Usability.USABLE, SAID[check])


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
    ("predictions", "high", r"must be numbers of shape \(40, 2\); got str"),
    ("predictions", GOOD[:10], r"must have shape \(40, 2\); got \(10, 2\)"),
    ("predictions", spoilt(GOOD, 3, np.nan), "2 of 80 predictions are NaN or infinite"),
    ("predictions", spoilt(GOOD, (slice(None), 1), 7), "same for every row"),
    ("against the mean", GOOD[::-1], "No better than the training mean: price, days"),
    ("against the mean", spoilt(GOOD, (slice(20, 40), 1), 500), "mean: days. Error over the mean's: price 0.0"),
    ("predictions", spoilt(GOOD, (slice(None), 0), 7), "A column is the same for every row"),
    ("configurations", [RESULTS], "must be a dictionary from configuration to numbers; got list"),
    ("configurations", RESULTS | {"w=1": "high"}, r"w=1: expected shape \(n_seeds, 2\); got no numbers"),
    ("configurations", RESULTS | {"w=1": np.ones(2)}, r"w=1: expected shape \(n_seeds, 2\); got \(2,\)"),
    ("configurations", RESULTS | {"w=1": np.ones((1, 2))}, "w=1: one seed says nothing"),
    ("configurations", RESULTS | {"w=1": np.ones((3, 4))}, r"w=1: expected shape \(n_seeds, 2\); got \(3, 4\)"),
    ("configurations", RESULTS | {"w=1": spoilt(RESULTS["w=1"], 0, np.inf)}, "w=1: a value is NaN or infinite"),
    ("configurations", RESULTS | {"w=1": RESULTS["w=0"]}, "w=0 and w=1 agree to the last digit"),
    ("table", [TABLE], "must be a dictionary from configuration to Interval; got list"),
    ("table", TABLE | {"w=2": Interval(np.ones(2), np.ones(3))}, r"w=2 must have one mean and one interval a task, 2"),
    ("table", TABLE | {"w=2": Interval(np.ones(3), np.ones(2))}, r"a task, 2; got \(3,\)"),
    ("table", TABLE | {"w=2": Interval(np.ones(2), np.array([1, np.inf]))}, "w=2 has an interval that is not a posi"),
    ("table", TABLE | {"w=2": Interval(np.array([np.nan, 1]), np.ones(2))}, "w=2 has an interval that is not a posi"),
    ("table", TABLE | {"w=2": Interval(np.ones(2), np.array([1, -1]))}, "w=2 has an interval that is not a positive"),
    ("table", {name: rows.mean(axis=0) for name, rows in RESULTS.items()}, "w=0 has no interval"),
    ("table", TABLE | {"w=2": mean_interval([[0.1, 0.2]] * 3)}, "not a positive number: are the seeds different"),
    ("table", TABLE | {"w=2": mean_interval([0.1, 0.2])}, "one mean and one interval a task, 2"),
    ("weight log", log_with(weights=None), "Line 1 lacks: weights"),
    ("weight log", log_with(weights="...", decision=""), "Line 1 lacks: weights, decision"),
    ("weight log", [*LOG, {"reason": "it was late already"}], "Line 6 lacks: configuration, weights, decision"),
    ("weight log", log_with(reason="to see a"), "Line 1: 'to see a' is too short"),
    ("weight log", log_with(reason=f" {LOG[3]['reason'].upper()}\n"), "Two lines give the same reason"),
    ("weight log", log_with(reason="looked good"), "Line 1: 'looked good' is too short"),
    ("weight log", log_with(reason=LOG[3]["reason"]), "Two lines give the same reason"),
    ("audit", AUDIT | {"Masked?": "yes"}, r"in four words or more: Masked\?\.$"),
    ("audit", AUDIT | {"Logged?": None, "Masked?": "in three words"}, r"more: Logged\?; Masked\?\.$"),
    ("choice", "c", "c is dominated: another is at least as good everywhere. Efficient: a, b"),
    ("choice", "d", "must be one of a, b, c; got 'd'"),
    ("choice", 3, "must be one of a, b, c; got 3"),
    ("results of a choice", BEST | {"b": [0.5, np.nan]}, "needs 2 finite objectives"),
    ("results of a choice", BEST | {"b": [0.5]}, "needs 2 finite objectives"),
    ("results of a choice", BEST | {"b": []}, "needs 2 finite objectives"),
    ("results of a choice", BEST | {"b": "high"}, "needs 2 finite objectives"),
    ("total", 0.5 * GOOD[:, 0], "Predicted over realised is 0.50; at most 10% off is wanted"),
    ("total", 1.5 * Y[:, 0], "Predicted over realised is 1.50; at most 10% off is wanted"),
    ("total", GOOD, r"must have shape \(40,\); got \(40, 2\)"),
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
    found = configurations(RESULTS, 2, names=["w=1", "w=8", "w=9"])
    assert found == Finding(Usability.NOT_DONE, "5 of at least 5 configurations are there, without w=8, w=9.")
    assert configurations(RESULTS, 2, names=["w=1"])
    assert configurations(RESULTS | {"w=9": ...}, 2, names=["w=9"]).usability is Usability.NOT_DONE


def test_as_many_configurations_as_are_asked_for_are_enough():
    two = {name: RESULTS[name] for name in ("w=0", "w=1")}
    assert configurations(two | {"w=1": RESULTS["w=1"][:2]}, 2, least=2).message == (
        "2 configurations, 2 seeds or more each."
    )
    assert configurations(two, 2, least=3).message == "2 of at least 3 configurations are there."
    assert configurations({name: rows.tolist() for name, rows in two.items()}, 2, least=2)
    assert configurations({name: torch.tensor(rows) for name, rows in two.items()}, 2, least=2)


def test_twins_are_allowed_where_two_ways_are_the_same_on_purpose():
    again = RESULTS | {"again": RESULTS["w=3"]}
    assert configurations(again, 2, distinct=False)
    assert configurations(again, 2).message == "w=3 and again agree to the last digit: did the weights reach the loss?"


def test_a_row_that_nobody_asked_for_is_looked_at_too_and_one_that_is_begun_waits():
    assert intervals_present(TABLE, [], 2).message == "5 rows with a 95 % interval for each task."
    for row in (..., 0.5, "high", None):
        found = intervals_present(TABLE | {"w=9": row}, ["w=0"], 2)
        assert found.message == "w=9 has no interval: a mean alone does not say how sure it is."
    assert intervals_present(TABLE | {"w=1": ...}, RESULTS, 2).message == "Without a row yet: w=1."


def test_an_interval_of_rounding_errors_is_none_and_a_narrow_one_is_one():
    for width, usable in ((1e-16, False), (1e-9, True)):
        table = {"w=0": Interval(np.array([1.0, -1.0]), np.array([width, 1.0]))}
        assert bool(intervals_present(table, ["w=0"], 2)) == usable
        table = {"w=0": Interval(np.array([1.0, -1.0]), np.array([1.0, width]))}
        assert bool(intervals_present(table, ["w=0"], 2)) == usable
    assert intervals_present({"w=0": Interval(np.zeros(2), np.full(2, 1e-16))}, ["w=0"], 2)


def test_a_short_weight_log_is_enough_where_it_is_asked_for():
    assert weight_log_filled(LOG[:2], least=2)
    assert weight_log_filled(tuple(LOG))
    assert weight_log_filled(LOG[:2], least=3).message == "2 of at least 3 lines are there."
    assert weight_log_filled([*LOG, "a note"]).message == "5 lines, each with weights, a reason and a decision."
    assert weight_log_filled({"a": LOG}).usability is Usability.NOT_DONE


def test_four_words_are_enough():
    assert weight_log_filled(log_with(reason="to see a difference"))
    assert audit_filled(AUDIT | {"Masked?": "it is in masks"})


def test_logits_are_no_probabilities():
    chances = GOOD / GOOD.max()
    assert usable_predictions(chances, (40, 2), probabilities=True)
    assert usable_predictions(spoilt(spoilt(chances, 0, 0.0), 1, 1.0), (40, 2), probabilities=True)
    for value, said in ((-0.1, "-0.1 to 1"), (1.5, "to 1.5")):
        found = usable_predictions(spoilt(chances, (0, 1), value), (40, 2), probabilities=True)
        assert found.usability is Usability.NOT_USABLE
        assert re.search(rf"Probabilities must lie in \[0, 1\]; got .*{said}\. Logits\?", found.message)
        assert usable_predictions(spoilt(chances, (0, 1), value), (40, 2))


def test_missing_labels_are_left_out_of_the_comparison_with_the_mean():
    y = spoilt(Y, (slice(None, None, 3), 1), np.nan)
    assert better_than_mean(GOOD, y, TRAIN, VALIDATION, ["price", "days"])


def test_the_mean_to_beat_is_that_of_the_rows_that_were_fitted_on_and_the_error_that_of_the_others():
    y = np.array([[0.0], [2.0], [10.0], [14.0]])  # means 1 and 12
    predicted = np.array([[-50.0], [60.0], [9.0], [13.0]])  # errors of 1 on the rows that are judged
    fitted, judged = [0, 1], [2, 3]
    found = better_than_mean(predicted, y, fitted, judged, ["x"])
    assert found.message.endswith("Error over the mean's: x 0.01.")  # 1 over (9² + 13²) / 2
    almost_the_mean = np.array([[1.0], [5.0], [12.0], [12.0]])  # as good as the mean of the judged rows
    assert better_than_mean(almost_the_mean, y, fitted, judged, ["x"]).message.endswith("x 0.03.")


def test_as_good_as_the_mean_is_not_better_and_each_task_must_be():
    y = np.array([[0.0, 0.0], [2.0, 2.0], [0.0, 0.0], [2.0, 2.0]])
    as_good = np.array([[0.0, 0.0], [9.0, 2.0], [1.0, 0.5], [1.0, 1.5]])
    assert better_than_mean(as_good, y, [0, 1], [2, 3], ["x", "z"]).message == (
        "No better than the training mean: x. Error over the mean's: x 1.00, z 0.25."
    )


def test_smaller_is_better_where_the_choice_says_so():
    assert efficient_choice(BEST, "c", maximise=[False, False])
    assert not efficient_choice(BEST, "b", maximise=[False, False])


def test_a_choice_is_judged_on_means_over_seeds():
    spread = np.array([[-0.2, 0.2], [0.2, -0.2]])
    seeds = {name: spread + point for name, point in BEST.items()}
    assert efficient_choice(seeds, "b", [True, True])
    assert efficient_choice(seeds, "c", [True, True]).message.startswith("c is dominated")


def test_each_objective_has_its_own_direction():
    assert efficient_choice(BEST, "c", maximise=[False, True]).message == "c is efficient. Efficient: b, c."
    assert efficient_choice(BEST, "a", maximise=[True, False]).message == "a is efficient. Efficient: a."


def test_a_total_may_be_as_far_off_as_is_tolerated_on_the_rows_that_are_judged():
    realised = np.array([1000.0, 50.0, 50.0])
    judged = [1, 2]
    for amounts, usable in (([1.0, 55.0, 54.0], True), ([1.0, 46.0, 45.0], True), ([1000.0, 60.0, 55.0], False)):
        assert bool(calibrated_total(amounts, realised, judged)) == usable
    assert calibrated_total([1.0, 60.0, 55.0], realised, judged, tolerance=0.2).message == (
        "Predicted over realised is 1.15."
    )
    assert calibrated_total([1.0, 60.0, 55.0], realised, judged, tolerance=0.05).message == (
        "Predicted over realised is 1.15; at most 5% off is wanted."
    )


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


def test_thresholds_are_judged_row_by_row_on_the_rows_that_are_judged():
    probabilities = np.array([[0.9, 0.1], [0.5, 0.2], [0.5, 0.3], [0.4, 0.9]])
    y = np.array([[0, 0], [1, 0], [1, 0], [0, 1]])
    names = ["sport", "health"]

    def found(thresholds, judged, target):
        return precision_kept(thresholds, probabilities, y, judged, target, names)

    assert found([0.5, 0.9], [1, 2, 3], 1.0).message == "Every label keeps 1.00."  # a threshold is reached by itself
    assert found([0.5, 0.9], slice(None), 2 / 3)  # two of three, and the target is reached by itself
    assert found([0.5, 0.9], slice(None), 0.7).message == "Below the target of 0.70: sport 0.67."
    assert found([0.4, 0.1], slice(None), 0.6).message == "Below the target of 0.60: sport 0.50, health 0.25."
    assert found([0.95, 2.0], slice(None), 0.6).message == (
        "No row reaches the threshold of sport, health: lower it, or set infinity on purpose."
    )
    assert found([0.5, 0.9], slice(None), 0.7).usability is Usability.NOT_USABLE


def test_thresholds_without_probabilities_wait_for_them():
    assert precision_kept([0.5, 0.5], None, LABELS, slice(None), 0.8, ["a", "b"]).usability is Usability.NOT_DONE
    logits = precision_kept([0.5, 0.5], LABELS * 9.0, LABELS, slice(None), 0.8, ["a", "b"])
    assert "Logits?" in logits.message
    assert "must be 2 numbers, one a label; infinity means never" in kept("high").message


def test_a_board_keeps_what_is_usable_as_progress(monkeypatch, capsys):
    reached = []
    monkeypatch.setattr(milestones.place, "reached", reached.append)
    board = Board()
    board.show("1a", usable_predictions(None, (2, 1)))
    board.show("1b", usable_predictions([[0.0], [1.0]], (2, 1)))
    assert reached == ["1b"]
    assert "[ok] 1b" in capsys.readouterr().out
