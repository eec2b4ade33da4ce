"""Predictions are refused for what is certain, and for what is worse than asked for beyond noise."""

import re

import numpy as np
import pytest
import torch

from mtl_teach.learn.projects.milestones import (
    Finding,
    Usability,
    better_than_mean,
    calibrated_total,
    precision_kept,
    unmoved_by_test_labels,
    usable_predictions,
)
from tests.learn.projects.stages import CHANCES, CHECKS, GOOD, LABELS, RNG, TRAIN, USABLE, VALIDATION, Y, kept, spoilt

REALISED = GOOD[VALIDATION, 0].sum() / Y[VALIDATION, 0].sum()
ERRORS = ((Y - GOOD)[VALIDATION] ** 2).sum(axis=0) / ((Y[VALIDATION] - Y[TRAIN].mean(axis=0)) ** 2).sum(axis=0)
SAID = {
    "thresholds": "Every label keeps 0.80. Found: sport 20 of 20, health 20 of 20.",
    "predictions": "40 finite rows that differ from each other, one column per task.",
    "against the mean": "Every task beats the training mean. Error over the mean's: "
    f"price {ERRORS[0]:.2f}, days {ERRORS[1]:.2f}.",
    "test rows": "Other labels in the test rows change nothing.",
    "total": f"Predicted over realised is {REALISED:.2f}.",
}


@pytest.mark.parametrize("check", SAID)
def test_usable_predictions_are_told_what_was_seen(check):
    assert CHECKS[check](USABLE[check]) == Finding(Usability.USABLE, SAID[check])


NOT_USABLE = [
    ("thresholds", [0.5, 0.0], "Below the target of 0.80: health 0.50"),
    ("thresholds", [1.0, 0.5], "No row reaches the threshold of sport"),
    ("thresholds", [np.inf, np.inf], "No label is ever predicted"),
    ("thresholds", [0.5], "must be 2 numbers, one per label"),
    ("thresholds", [0.5, np.nan], "must be 2 numbers, one per label"),
    ("predictions", "high", r"must be numbers of shape \(40, 2\); got str"),
    ("predictions", GOOD[:10], r"must have shape \(40, 2\); got \(10, 2\)"),
    ("predictions", spoilt(GOOD, 3, np.nan), "2 of 80 predictions are NaN or infinite"),
    ("predictions", spoilt(GOOD, (slice(None), 0), 7), "A column is the same for every row"),
    ("predictions", spoilt(GOOD, (slice(None), 1), 7), "A column is the same for every row"),
    ("against the mean", GOOD[::-1] * 3, "Worse than the training mean, beyond noise: price, days"),
    ("against the mean", spoilt(GOOD, (slice(20, 40), 1), 500), "noise: days. Error over the mean's: price 0.1"),
    ("against the mean", Y, "the predictions of price, days are made of the labels"),
    ("against the mean", np.column_stack([GOOD[:, 0], Y[:, 1]]), "the predictions of days are made of the labels"),
    ("total", 0.5 * GOOD[:, 0], r"Predicted over realised is 0\.(49|5\d); at most 10% off is wanted"),
    ("total", 1.5 * GOOD[:, 0], r"Predicted over realised is 1\.\d\d; at most 10% off is wanted"),
    ("total", Y[:, 0], "these are the realised amounts themselves"),
    ("total", GOOD, r"must have shape \(40,\); got \(40, 2\)"),
]


@pytest.mark.parametrize(
    ("check", "value", "why"), NOT_USABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_predictions_that_cannot_be_used_are_told_why(check, value, why):
    found = CHECKS[check](value)
    assert found.usability is Usability.NOT_USABLE
    assert re.search(why, found.message)


def test_logits_are_no_probabilities():
    chances = GOOD / GOOD.max()
    assert usable_predictions(chances, (40, 2), probabilities=True)
    assert usable_predictions(spoilt(spoilt(chances, 0, 0.0), 1, 1.0), (40, 2), probabilities=True)
    for value, range_told in ((-0.1, "-0.1 to 1"), (1.5, "to 1.5")):
        found = usable_predictions(spoilt(chances, (0, 1), value), (40, 2), probabilities=True)
        assert found.usability is Usability.NOT_USABLE
        assert re.search(rf"Probabilities must lie in \[0, 1\]; got .*{range_told}\. Logits\?", found.message)
        assert usable_predictions(spoilt(chances, (0, 1), value), (40, 2))


def test_missing_labels_are_left_out_of_the_comparison_with_the_mean():
    y = spoilt(Y, (slice(None, None, 3), 1), np.nan)
    assert better_than_mean(GOOD, y, TRAIN, VALIDATION, ["price", "days"])


def test_labels_with_gaps_filled_in_are_still_the_labels():
    y = spoilt(Y, (slice(None, None, 3), 1), np.nan)
    found = better_than_mean(np.nan_to_num(y), y, TRAIN, VALIDATION, ["price", "days"])
    assert "the predictions of price, days are made of the labels" in found.message


COPIES = {
    "nearly": Y + RNG.normal(0, [2.0, 0.4], Y.shape),
    "shrunk to the mean": 0.3 * Y + 0.7 * Y[TRAIN].mean(axis=0),
    "in another unit": Y / [1000, 24],
    "with the other sign": -Y,
}


@pytest.mark.parametrize("copied", COPIES)
def test_what_is_made_of_the_labels_is_no_prediction(copied):
    found = better_than_mean(COPIES[copied], Y, TRAIN, VALIDATION, ["price", "days"])
    assert found == Finding(
        Usability.NOT_USABLE, "No model is that good: the predictions of price, days are made of the labels."
    )


def test_labels_that_were_rounded_are_still_the_labels():
    rounded = np.column_stack([GOOD[:, 0], np.round(Y[:, 1])])
    found = better_than_mean(rounded, Y, TRAIN, VALIDATION, ["price", "days"])
    assert "the predictions of days are made of the labels" in found.message


@pytest.mark.parametrize("low", [0.01, 0.2, 0.49])
def test_chances_that_know_every_label_of_two_classes_are_made_of_the_labels(low):
    chances = np.clip(LABELS, low, 1 - low)
    found = better_than_mean(chances, LABELS.astype(float), TRAIN, VALIDATION, ["sport", "health"])
    assert "the predictions of sport, health are made of the labels" in found.message
    one_wrong = spoilt(chances, VALIDATION.start, 1 - LABELS[VALIDATION.start])
    assert better_than_mean(one_wrong, LABELS.astype(float), TRAIN, VALIDATION, ["sport", "health"])


def test_a_column_that_differs_by_rounding_alone_is_the_same_for_every_row():
    jitter = RNG.normal(0, 1e-8, Y.shape)
    found = usable_predictions(Y[TRAIN].mean(axis=0) * (1 + jitter), (40, 2))
    assert found.message == "A column is the same for every row: the features did not reach it."
    assert usable_predictions(288 + 1e-2 * RNG.normal(size=(40, 2)), (40, 2))


def test_a_huge_error_is_told_in_few_digits():
    found = better_than_mean(1e30 * GOOD, Y, TRAIN, VALIDATION, ["price", "days"])
    assert re.search(r"Error over the mean's: price \de\+6\d, days \de\+6\d\.$", found.message)


def test_the_mean_to_beat_is_that_of_the_rows_that_were_fitted_on_and_the_error_that_of_the_others():
    y = np.array([[0.0], [2.0], [10.0], [12.0], [14.0]])  # means 1 and 12
    predicted = np.array([[-50.0], [60.0], [9.0], [13.0], [13.0]])  # errors of 1 on the rows that are judged
    fitted, judged = [0, 1], [2, 3, 4]
    found = better_than_mean(predicted, y, fitted, judged, ["x"])
    assert found.message.endswith("Error over the mean's: x 0.01.")  # 1 over (9² + 11² + 13²) / 3
    almost_the_mean = np.array([[1.0], [5.0], [12.0], [12.1], [12.0]])  # as good as the mean of the judged rows
    assert better_than_mean(almost_the_mean, y, fitted, judged, ["x"]).message.endswith("x 0.02.")


def test_a_task_is_refused_for_being_worse_than_the_mean_only_beyond_noise():
    y = np.column_stack([np.tile([0.0, 2.0, 0.0, 2.0], 5)] * 3)  # the mean is 1, its squared error 1 in every row
    errors = np.column_stack([np.tile([0.0, 0.0, 1.5, -1.5], 5), np.tile([1.1, -0.9, 0.2, 0.0], 5)])
    errors = np.column_stack([errors, np.tile([1.2, 1.4, 1.4, -1.2], 5)])
    found = better_than_mean(y + errors, y, slice(None), slice(None), ["unclear", "better", "worse"])
    assert found == Finding(
        Usability.NOT_USABLE,
        "Worse than the training mean, beyond noise: worse. "
        "Error over the mean's: unclear 1.12, better 0.51, worse 1.70.",
    )
    found = better_than_mean((y + errors)[:, :2], y[:, :2], slice(None), slice(None), ["unclear", "better"])
    assert found == Finding(
        Usability.USABLE,
        "Within noise of the training mean: unclear. Error over the mean's: unclear 1.12, better 0.51.",
    )


def test_a_total_may_be_as_far_off_as_is_tolerated_on_the_rows_that_are_judged():
    realised = np.array([1000.0, 50.0, 50.0])
    judged = [1, 2]
    for amounts, usable in (([1.0, 55.0, 54.0], True), ([1.0, 46.0, 45.0], True), ([1000.0, 60.0, 60.4], False)):
        assert bool(calibrated_total(amounts, realised, judged)) == usable
    assert calibrated_total([1.0, 60.0, 55.0], realised, judged, tolerance=0.2).message == (
        "Predicted over realised is 1.15."
    )
    assert calibrated_total([1.0, 60.0, 60.4], realised, judged, tolerance=0.05).message == (
        "Predicted over realised is 1.20; at most 5% off is wanted."
    )


@pytest.mark.parametrize("share", [0.8, 1.2])
def test_a_total_further_off_is_refused_only_beyond_noise(share):
    purchases = np.zeros(2000)
    purchases[::200] = 100.0  # ten buyers: the total is known to a third or so
    forecast = np.full(2000, share * purchases.mean()) + np.linspace(-0.01, 0.01, 2000)
    found = calibrated_total(forecast, purchases, slice(None))
    assert found == Finding(
        Usability.USABLE, f"Predicted over realised is {share:.2f}: more than 10% off, but within noise of it."
    )
    certain = np.full(2000, 5.0)
    assert not calibrated_total(share * certain + np.linspace(-0.01, 0.01, 2000), certain, slice(None))


def test_a_label_may_be_given_up_on_purpose_and_what_was_possible_is_told():
    assert kept([0.5, np.inf]).message == (
        "Every label keeps 0.80. Found: sport 20 of 20, health 0 of 20 (20 are possible)."
    )


def test_the_highest_recall_counts_rows_of_equal_probability_together():
    probabilities = np.array([[0.9], [0.5], [0.5], [0.4]])
    y = np.array([[1], [1], [0], [1]])
    found = precision_kept([0.9], probabilities, y, slice(None), 0.6, ["x"])
    assert found.message == "Every label keeps 0.60. Found: x 1 of 3 (3 are possible)."
    found = precision_kept([0.9], probabilities, y, slice(None), 0.8, ["x"])
    assert found.message == "Every label keeps 0.80. Found: x 1 of 3."  # at 0.5 two of three rows are right


def test_thresholds_are_judged_row_by_row_on_the_rows_that_are_judged():
    probabilities = np.array([[0.9, 0.1], [0.5, 0.2], [0.5, 0.3], [0.4, 0.9]])
    y = np.array([[0, 0], [1, 0], [1, 0], [0, 1]])
    names = ["sport", "health"]

    def found(thresholds, judged, target):
        return precision_kept(thresholds, probabilities, y, judged, target, names)

    assert found([0.5, 0.9], [1, 2, 3], 1.0)  # a threshold is reached by itself
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
    assert "must be 2 numbers, one per label; infinity means never" in kept("high").message
    assert precision_kept([0.5, 0.5], torch.tensor(CHANCES), LABELS, slice(None), 0.8, ["a", "b"])


X = RNG.normal(size=(40, 3))
TEST = slice(30, 40)


def fitted(x, y, rows, centred_on):
    """Least squares on `rows`, around the mean of the rows `centred_on`."""
    centre = y[centred_on].mean(axis=0)
    return x @ np.linalg.lstsq(x[rows], y[rows] - centre, rcond=None)[0] + centre


@pytest.mark.parametrize("kind", ["array", "tensor"])
def test_a_model_that_read_the_test_rows_is_caught_and_one_that_did_not_is_not(kind):
    labels = Y.copy() if kind == "array" else torch.tensor(Y)
    before = Y.copy()
    for rows, centred_on, usable in ((TRAIN, TRAIN, True), (TRAIN, slice(0, 30), True), (TRAIN, slice(None), False)):

        def run(rows=rows, centred_on=centred_on):
            return fitted(X, np.asarray(labels), rows, centred_on)

        found = unmoved_by_test_labels(run, run(), [labels], TEST)
        assert bool(found) == usable
        assert np.array_equal(np.asarray(labels), before)
    assert found.message == (
        "Other labels in the test rows change the predictions: a scaler or a loss has seen those rows."
    )


def test_labels_are_put_back_where_the_training_fails():
    labels = Y.copy()

    def run():
        raise FloatingPointError("diverged")

    found = unmoved_by_test_labels(run, GOOD, [labels], TEST)
    assert found == Finding(
        Usability.NOT_USABLE, "The training raised FloatingPointError when it ran a second time. What did it use up?"
    )
    assert np.array_equal(labels, Y)


def test_predictions_out_of_a_cache_say_nothing_about_the_training():
    found = unmoved_by_test_labels(lambda: GOOD, GOOD, [Y.copy()], TEST)
    assert found.usability is Usability.NOT_USABLE
    assert "kept somewhere (a cache?), so nothing was trained" in found.message
    assert unmoved_by_test_labels(GOOD.copy, GOOD, [Y.copy()], TEST)


def test_every_array_of_labels_is_changed_also_where_some_are_missing():
    labels, copy = spoilt(Y, (slice(None, None, 2), 0), np.nan), Y.astype(np.float32)
    seen = []

    def run():
        seen.append((labels[TEST].copy(), copy[TEST].copy()))
        return GOOD.copy()

    assert unmoved_by_test_labels(run, GOOD, [labels, copy], np.arange(40) >= 30)
    largest = np.nanargmax(np.where(np.arange(40) < 30, labels[:, 0], np.nan))
    assert (seen[0][0] == labels[largest]).all()
    assert (seen[0][1] == copy[largest]).all()


def test_a_seed_that_does_not_fix_the_run_is_no_reading_of_the_test_rows():
    runs = iter(RNG.normal(size=(5, 40, 2)))
    found = unmoved_by_test_labels(lambda: next(runs), next(runs), [Y.copy()], TEST)
    assert found.message == "The same seed gives other predictions: give the seed to every source of randomness."
