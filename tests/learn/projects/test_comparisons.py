"""Results over seeds are compared in pairs, and a choice is refused only for a difference beyond noise."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mtl_teach.learn.projects.milestones import (
    Finding,
    Usability,
    chosen_on_validation,
    configurations,
    efficient_choice,
    gains_over_single,
    intervals_present,
    single_task_baselines,
    stacked,
)
from mtl_teach.metrics import Interval, mean_interval
from tests.learn.projects.stages import (
    BEST,
    CHECKS,
    GAINS,
    GOOD,
    PARTS,
    RESULTS,
    SCORED,
    SINGLE,
    TABLE,
    TRAIN,
    USABLE,
    VALIDATION,
    Y,
    mean_error,
    spoilt,
)

SAID = {
    "configurations": "5 configurations, 3 seeds each.",
    "table": "5 rows with a 95 % interval for each task.",
    "single": "3 seeds, one model per task.",
    "choice": "b is efficient. Efficient: a, b.",
    "results of a choice": "a is efficient. Efficient: a, b.",
    "evidence": "The numbers behind the choice are those of the validation rows.",
}


@pytest.mark.parametrize("check", SAID)
def test_a_usable_comparison_is_told_what_was_seen(check):
    assert CHECKS[check](USABLE[check]) == Finding(Usability.USABLE, SAID[check])


NOT_USABLE = [
    ("configurations", [RESULTS], "must be a dictionary with one entry per configuration; got list"),
    ("configurations", {0.1: RESULTS["w=0"]}, r'must be named by texts such as "w=0.5"; got 0.1'),
    ("configurations", RESULTS | {"w=1": "high"}, r"w=1: expected numbers of shape \(n_seeds, 2\); got str"),
    ("configurations", RESULTS | {"w=1": np.ones(2)}, r"w=1: expected numbers of shape \(n_seeds, 2\); got \(2,\)"),
    ("configurations", RESULTS | {"w=1": np.ones((1, 2))}, "w=1: one seed says nothing"),
    ("configurations", RESULTS | {"w=1": np.ones((3, 4))}, r"\(n_seeds, 2\); got \(3, 4\)"),
    ("configurations", RESULTS | {"w=1": spoilt(RESULTS["w=1"], 0, np.inf)}, "w=1: a value is NaN or infinite"),
    (
        "configurations",
        RESULTS | {"w=1": RESULTS["w=1"][:2]},
        "the same seeds, to be compared in pairs: w=0 has 3",
    ),
    ("configurations", RESULTS | {"w=1": RESULTS["w=0"]}, "w=0 and w=1 have the same numbers"),
    ("configurations", RESULTS | {"w=1": torch.tensor(RESULTS["w=0"]).float()}, "w=0 and w=1 have the same numbers"),
    ("table", [TABLE], "must be a dictionary with one entry per configuration; got list"),
    ("table", TABLE | {"w=2": Interval(np.ones(2), np.ones(3))}, "w=2 must have one mean and one interval per task, 2"),
    ("table", TABLE | {"w=2": Interval(np.ones(3), np.ones(2))}, r"per task, 2; got \(3,\)"),
    ("table", TABLE | {"w=2": Interval(np.ones(2), np.array([1, np.inf]))}, "w=2 has an interval that is not a posi"),
    ("table", TABLE | {"w=2": Interval(np.array([np.nan, 1]), np.ones(2))}, "w=2 has an interval that is not a posi"),
    ("table", TABLE | {"w=2": Interval(np.ones(2), np.array([1, -1]))}, "w=2 has an interval that is not a positive"),
    ("table", {name: rows.mean(axis=0) for name, rows in RESULTS.items()}, "w=0 has no interval"),
    ("table", TABLE | {"w=2": mean_interval([[0.1, 0.2]] * 3)}, "not a positive number: are the seeds different"),
    ("table", TABLE | {"w=2": mean_interval([0.1, 0.2])}, "one mean and one interval per task, 2"),
    ("single", RESULTS["w=3"], "These are the numbers of w=3. A baseline model is trained on its task alone"),
    ("single", RESULTS["w=3"].mean(axis=0), r"The baselines: expected numbers of shape \(n_seeds, 2\); got \(2,\)"),
    ("single", SINGLE[:1], "The baselines: one seed says nothing"),
    ("gains", [0.1], "must be a dictionary with one entry per configuration; got list"),
    ("gains", {name: -gain for name, gain in GAINS.items()}, "w=0: the sign is the other one"),
    ("gains", {name: 100 * gain for name, gain in GAINS.items()}, "w=0: these are percent; give fractions"),
    ("gains", GAINS | {"w=4": GAINS["w=4"].mean()}, r"w=4: expected one gain per seed, shape \(3,\); got \(\)"),
    ("gains", GAINS | {"w=4": GAINS["w=3"]}, r"w=4: at the first seed Δm over the single models is .\d\.\d{3}; got"),
    ("gains", GAINS | {"w=4": "high"}, r"w=4: expected one gain per seed, shape \(3,\); got str"),
    ("choice", "c", "c is dominated by b beyond noise"),
    ("choice", "d", "must be one of a, b, c; got 'd'"),
    ("choice", 3, "must be one of a, b, c; got 3"),
    ("results of a choice", BEST | {"b": [0.5, np.nan]}, r"b: expected numbers of shape \(n_seeds, 2\); got \(2,\)"),
    ("results of a choice", BEST | {"b": [[0.5, np.nan]] * 3}, "b: a value is NaN or infinite"),
    ("results of a choice", BEST | {"b": BEST["b"][:2]}, "needs the same seeds, to be compared in pairs"),
    ("results of a choice", BEST | {"b": "high"}, "b: expected numbers"),
    ("evidence", SCORED[:, :1], r"The numbers behind the choice: expected numbers of shape \(n_seeds, 2\)"),
]


@pytest.mark.parametrize(
    ("check", "value", "why"), NOT_USABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_comparison_that_cannot_be_used_is_told_why(check, value, why):
    found = CHECKS[check](value)
    assert found.usability is Usability.NOT_USABLE
    assert re.search(why, found.message)


def test_what_is_only_begun_is_not_done_yet():
    begun = {
        "configurations": {"w=0": RESULTS["w=0"], "w=1": None},
        "table": {"w=0": TABLE["w=0"]},
        "gains": {"w=0": GAINS["w=0"]},
    }
    found = [CHECKS[check](value) for check, value in begun.items()]
    assert [finding.usability for finding in found] == [Usability.NOT_DONE] * 3
    assert found[0].message == "1 of at least 5 configurations are there, without w=1."
    assert found[1].message == "Without a row yet: w=1, w=2, w=3, w=4."
    assert found[2].message == "Without a gain yet: w=1, w=2, w=3, w=4."


def test_a_configuration_asked_for_by_name_must_be_there_and_one_that_is_begun_be_finished():
    found = configurations(RESULTS, 2, names=["w=1", "w=8", "w=9"])
    assert found == Finding(Usability.NOT_DONE, "5 of at least 5 configurations are there, without w=8, w=9.")
    assert configurations(RESULTS, 2, names=["w=1"])
    assert configurations(RESULTS | {"w=9": ...}, 2).usability is Usability.NOT_DONE


def test_as_many_configurations_as_are_asked_for_are_enough():
    two = {name: RESULTS[name] for name in ("w=0", "w=1")}
    assert configurations(two, 2, least=2).message == "2 configurations, 3 seeds each."
    assert configurations(two, 2, least=3).message == "2 of at least 3 configurations are there."


def test_twins_are_allowed_where_two_ways_are_the_same_on_purpose_and_only_there():
    again = RESULTS | {"again": RESULTS["w=3"]}
    assert configurations(again, 2, may_agree=["w=3", "again"])
    found = configurations(again | {"w=1": RESULTS["w=3"]}, 2, may_agree=["w=3", "again"])
    assert found.message == (
        "w=1 and w=3 and again have the same numbers: did the difference between them reach the model?"
    )
    same_four = dict.fromkeys(["equal", "1/variance", "standardised", "fixed"], RESULTS["w=0"])
    assert not configurations(same_four, 2, least=4, may_agree=["standardised", "fixed"])


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


def test_an_interval_of_something_else_is_no_interval():
    table = TABLE | {"w=0": SimpleNamespace(mean="high", half_width="low")}
    assert "w=0 has no interval" in intervals_present(table, RESULTS, 2).message


def test_baselines_are_looked_at_also_before_there_are_shared_models():
    assert single_task_baselines(SINGLE, 2)
    assert single_task_baselines(SINGLE, 2, {"w=0": None, "w=1": "high"})
    assert single_task_baselines(SINGLE, 2, "nothing")


def test_gains_are_told_with_their_interval_apart_from_those_within_noise():
    single = np.array([[0.5, 0.5], [0.5, 0.4], [0.4, 0.5]])
    results = {"clear": 1.2 * single, "unclear": single * [[1.2, 1.0], [0.8, 1.0], [1.0, 1.1]]}
    gains = {"clear": [0.2, 0.2, 0.2], "unclear": [0.1, -0.1, 0.05]}
    found = gains_over_single(gains, results, single, [True, True])
    assert found.usability is Usability.USABLE
    assert re.fullmatch(
        r"Δm beyond noise: clear \+20\.0% ± 0\.0%; within noise of 0: unclear \+1\.7% ± 2\d\.\d%\.", found.message
    )
    lower_is_better = gains_over_single(gains, results, single, [False, False])
    assert lower_is_better.message == "clear: the sign is the other one. Which scores are better when they are high?"


def test_gains_wait_for_results_and_for_baselines_of_the_same_seeds():
    for results, single in ((None, SINGLE), (RESULTS, None), (RESULTS, RESULTS["w=0"]), ({}, SINGLE)):
        assert gains_over_single(GAINS, results, single, [True, True]).usability is Usability.NOT_DONE
    found = gains_over_single(GAINS, RESULTS, SINGLE[:2], [True, True])
    assert found.message == "w=0 has 3 seeds, the baselines have 2: use the same."


def test_smaller_is_better_where_the_choice_says_so():
    assert efficient_choice(BEST, "c", maximise=[False, False])
    assert not efficient_choice(BEST, "b", maximise=[False, False])


def test_each_objective_has_its_own_direction():
    assert efficient_choice(BEST, "c", maximise=[False, True]).message == "c is efficient. Efficient: b, c."
    assert efficient_choice(BEST, "a", maximise=[True, False]).message == "a is efficient. Efficient: a."


def test_a_dominated_choice_stands_where_the_paired_difference_is_within_noise():
    noise = np.array([[0.01, -0.01], [-0.01, 0.02], [0.02, 0.0], [-0.01, 0.0]])
    results = {"chosen": np.full((4, 2), 0.5), "ahead": 0.5 + noise + [0.0003, 0.01]}
    found = efficient_choice(results, "chosen", [True, True])
    assert found == Finding(
        Usability.USABLE,
        "ahead: better on the means, but within noise of chosen, so the choice can stand. "
        "Efficient on the means: ahead.",
    )
    results["ahead"] = results["ahead"] + [0.0, 0.05]
    found = efficient_choice(results, "chosen", [True, True])
    assert found.usability is Usability.NOT_USABLE
    assert re.fullmatch(
        r"chosen is dominated by ahead beyond noise: paired by seed, it is better by \+0\.003 ± 0\.0\d\d, "
        r"\+0\.06\d ± 0\.0\d\d\. Efficient: ahead\.",
        found.message,
    )


def test_seeds_are_compared_in_pairs_so_that_what_they_share_is_no_noise():
    level = np.array([[0.2, 0.2], [0.5, 0.6], [0.8, 0.7]])
    results = {"chosen": level, "ahead": level + np.array([[0.01, 0.01], [0.01, 0.012], [0.012, 0.01]])}
    assert not efficient_choice(results, "chosen", [True, True])


def test_what_is_better_in_one_objective_and_worse_in_the_other_dominates_nothing():
    results = {"chosen": [[0.5, 0.5], [0.5, 0.5]], "other": [[0.9, 0.49], [0.9, 0.49]]}
    assert efficient_choice(results, "chosen", [True, True])


def test_a_cost_without_noise_decides_as_soon_as_it_differs():
    results = {"cheap": [[0.6, 100.0], [0.61, 100.0]], "dear": [[0.6, 200.0], [0.61, 200.0]]}
    assert efficient_choice(results, "cheap", [False, False])
    assert "dear is dominated by cheap" in efficient_choice(results, "dear", [False, False]).message


def errors_on(rows):
    return [mean_error(Y[rows, k], GOOD[rows, k]) for k in (0, 1)]


def test_numbers_of_other_rows_behind_a_choice_are_caught():
    on_training = {"a": np.array([[4.0, 4.0], errors_on(TRAIN)])}
    found = chosen_on_validation(on_training, "a", GOOD, Y, PARTS, mean_error)
    assert found == Finding(
        Usability.NOT_USABLE,
        "The numbers behind the choice are those of the training rows: choose on the validation rows.",
    )
    as_test = {"test": TRAIN, "validation": VALIDATION}
    assert "those of the test rows" in chosen_on_validation(on_training, "a", GOOD, Y, as_test, mean_error).message


def test_final_predictions_of_another_configuration_are_caught():
    results = {"a": SCORED + 1, "b": SCORED, "c": None}
    found = chosen_on_validation(results, "a", GOOD, Y, PARTS, mean_error)
    assert found == Finding(Usability.NOT_USABLE, "The final predictions are those of b; a was chosen.")
    assert chosen_on_validation(results, "b", GOOD, Y, PARTS, mean_error)
    assert chosen_on_validation(results, "c", GOOD, Y, PARTS, mean_error).message == "c has no numbers yet."
    found = chosen_on_validation(results, "d", GOOD, Y, PARTS, mean_error)
    assert found.message == "The choice must be one of a, b, c; got 'd'."


def test_final_predictions_of_no_seed_say_what_cannot_be_told():
    found = chosen_on_validation({"a": SCORED}, "a", GOOD + 1, Y, PARTS, mean_error)
    assert found.usability is Usability.USABLE
    assert found.message.startswith("The final predictions belong to no single seed of the choice")
    assert chosen_on_validation({"a": SCORED}, "a", None, Y, PARTS, mean_error).usability is Usability.NOT_DONE


def test_a_score_above_the_highest_that_there_is_asks_for_percent():
    percent = RESULTS | {"w=1": 100 * RESULTS["w=1"]}
    assert configurations(percent, 2)
    found = configurations(percent, 2, at_most=1)
    assert re.fullmatch(r"w=1: the metric is at most 1; got \d\d\.\d\. Are these percent\?", found.message)
    assert configurations(RESULTS, 2, at_most=1)
    assert "The baselines: the metric is at most 1" in single_task_baselines(100 * SINGLE, 2, at_most=1).message
    assert single_task_baselines(spoilt(SINGLE, 0, 1.0), 2, at_most=1)


def test_results_become_one_array_in_the_order_that_is_asked_for():
    results = {"a": [[1, 2]] * 2, "b": torch.tensor([[3.0, 4.0]] * 2, dtype=torch.bfloat16)}
    assert stacked(results).tolist() == [[[1, 2], [3, 4]]] * 2
    assert stacked(results, ["b", "a"]).tolist() == [[[3, 4], [1, 2]]] * 2
    assert stacked(results, ["b"]).tolist() == [[[3, 4]]] * 2
