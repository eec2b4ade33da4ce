"""Milestones of predictions: can they be built upon, are they better than the mean, do their totals hold?

A number is refused only where it is worse than asked for *beyond noise*: where the 95 % interval of the paired
differences over rows excludes 0. The rows are taken as independent of each other.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from mtl_teach.learn.projects.findings import (
    Finding,
    excludes_zero,
    floats,
    never_raises,
    not_done,
    not_usable,
    numbers,
    same,
    unsolved,
    usable,
)
from mtl_teach.metrics import mean_interval

# No model leaves less than a hundredth of a noisy label's variance; a copy of the labels does, also one that was
# rounded, shrunk or rescaled.
_TOO_GOOD = 0.01
# A spread that rounding can leave of a constant, as a fraction of its size.
_ROUNDING = 1e-6


@never_raises
def usable_predictions(predicted: Any, shape: tuple[int, ...], *, probabilities: bool = False) -> Finding:
    """Look at predictions: the right shape, finite, not the same for every row, and in [0, 1] if asked.

    Parameters
    ----------
    predicted : array-like of shape `shape`, or None while the stage is unsolved
    shape : tuple of int
        (n_samples, n_tasks), or (n_samples,) for a single quantity.
    probabilities : bool

    Examples
    --------
    >>> print(usable_predictions(None, (8, 2)))
    not done yet. Nothing is there.
    >>> print(usable_predictions(np.arange(16.0).reshape(8, 2), (8, 2)))
    usable. 8 finite rows that differ from each other, one column per task.
    """
    if unsolved(predicted):
        return not_done()
    values = numbers(predicted)
    if isinstance(values, str):
        return not_usable(f"Predictions must be numbers of shape {shape}; got {values}.")
    if values.shape != shape:
        return not_usable(f"Predictions must have shape {shape}; got {values.shape}.")
    if not np.isfinite(values).all():
        return not_usable(f"{(~np.isfinite(values)).sum()} of {values.size} predictions are NaN or infinite.")
    if probabilities and (values.min() < 0 or values.max() > 1):
        return not_usable(f"Probabilities must lie in [0, 1]; got {values.min():.3g} to {values.max():.3g}. Logits?")
    if (np.ptp(values, axis=0) <= _ROUNDING * np.abs(values).max(axis=0)).any():
        return not_usable("A column is the same for every row: the features did not reach it.")
    columns = ", one column per task" if len(shape) > 1 else ""
    return usable(f"{len(values)} finite rows that differ from each other{columns}.")


@never_raises
def better_than_mean(
    predicted: Any, y: np.ndarray, fitted_on: Any, judged_on: Any, task_names: Sequence[str]
) -> Finding:
    """Compare each task's squared error with that of predicting the training mean; a fixed baseline, not a high one.

    For labels 0 and 1 that is the Brier score against the base rate. The errors are compared row by row.

    Parameters
    ----------
    predicted : array-like of shape (n_samples, n_tasks), or None
        For all rows, in the labels' units.
    y : ndarray of shape (n_samples, n_tasks)
        Labels; NaN where missing.
    fitted_on, judged_on : index arrays, slices or masks
        Rows that give the mean, and rows on which both are judged.
    task_names : sequence of n_tasks str
    """
    readable = usable_predictions(predicted, y.shape)
    if not readable:
        return readable
    truth, values = y[judged_on], floats(predicted)[judged_on]
    error, of_mean = (truth - values) ** 2, (truth - np.nanmean(y[fitted_on], axis=0)) ** 2
    ratio = np.nanmean(error, axis=0) / np.nanmean(of_mean, axis=0)
    if not np.isfinite(ratio).all():
        return not_usable("The squared errors are no finite numbers: some predictions are far too large.")
    copied = [name for name, t, p in zip(task_names, truth.T, values.T) if _made_of_labels(t, p)]
    if copied:
        return not_usable(f"No model is that good: the predictions of {', '.join(copied)} are made of the labels.")
    excess = [mean_interval(column[~np.isnan(column)]) for column in (error - of_mean).T]
    ratios = "Error over the mean's: " + ", ".join(f"{name} {_short(share)}" for name, share in zip(task_names, ratio))
    worse = [name for name, more in zip(task_names, excess) if not more.low <= 0]
    if worse:
        return not_usable(f"Worse than the training mean, beyond noise: {', '.join(worse)}. {ratios}.")
    unclear = [name for name, more in zip(task_names, excess) if more.high >= 0]
    if unclear:
        return usable(f"Within noise of the training mean: {', '.join(unclear)}. {ratios}.")
    return usable(f"Every task beats the training mean. {ratios}.")


def _made_of_labels(truth: np.ndarray, predicted: np.ndarray) -> bool:
    """Whether predictions are the labels, up to their unit and what no model would hit; missing labels are left out."""
    seen = ~np.isnan(truth)
    truth, predicted = truth[seen], predicted[seen]
    values = np.unique(truth)
    if len(values) == 2:  # a label of two classes is copied in any form that never puts one below the other
        of_low, of_high = predicted[truth == values[0]], predicted[truth == values[1]]
        return bool(of_high.min() > of_low.max() or of_high.max() < of_low.min())
    return bool(1 - np.corrcoef(truth, predicted)[0, 1] ** 2 < _TOO_GOOD)


def _short(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 1000 else f"{ratio:.0e}"


@never_raises
def unmoved_by_test_labels(run: Callable[[], Any], first: Any, labels: Sequence[Any], test: Any) -> Finding:
    """Train once more with other labels in the test rows: the predictions must not move.

    A scaler or a loss that saw the test rows moves them. So does a source of randomness without a seed, which one more
    run with the labels as they are brings to light.

    Parameters
    ----------
    run : callable() -> array-like of shape (n_samples, n_tasks)
        Trains and predicts as for `first`.
    first : array-like of shape (n_samples, n_tasks), or None
    labels : sequence of arrays or tensors of shape (n_samples, n_tasks)
        Every array that holds labels. Their test rows are overwritten during the run, and put back.
    test : slice or mask
    """
    if not usable_predictions(first, tuple(labels[0].shape)):
        return not_done("This waits for usable predictions.")
    before = floats(first)
    first_label = floats(labels[0])[:, 0].copy()
    first_label[test] = np.nan
    donor = int(np.nanargmax(first_label))  # an extreme row, so that a mean over all rows would move
    kept = [array[test].clone() if isinstance(array, torch.Tensor) else array[test].copy() for array in labels]
    try:
        for array in labels:
            array[test] = array[donor]
        raw = run()
        after = numbers(raw)
    except Exception as error:  # a learner's training may raise anything
        return not_usable(f"The training raised {type(error).__name__} when it ran a second time. What did it use up?")
    finally:
        for array, rows in zip(labels, kept):
            array[test] = rows
    if raw is first:
        return not_usable(
            "The second run returned the predictions of the first: they are kept somewhere (a cache?), so nothing was "
            "trained and nothing can be said. Call the training itself."
        )
    if same(before, after):
        return usable("Other labels in the test rows change nothing.")
    if not same(before, numbers(run())):
        return not_usable("The same seed gives other predictions: give the seed to every source of randomness.")
    return not_usable("Other labels in the test rows change the predictions: a scaler or a loss has seen those rows.")


@never_raises
def calibrated_total(predicted: Any, realised: np.ndarray, judged_on: Any, tolerance: float = 0.1) -> Finding:
    """Compare the sum of predicted amounts with what really came in, over chosen rows.

    Parameters
    ----------
    predicted : array-like of shape (n_samples,), or None
        Expected amounts.
    realised : ndarray of shape (n_samples,)
        Amounts in the same unit.
    judged_on : index array, slice or mask
        Rows that are summed.
    tolerance : float
        Largest relative error of the total that passes. A larger one is refused only if it is beyond noise: if the
        interval of the rows' amounts above (or below) what is tolerated excludes 0.
    """
    readable = usable_predictions(predicted, realised.shape)
    if not readable:
        return readable
    amounts, came_in = floats(predicted)[judged_on], realised[judged_on]
    if same(amounts, came_in):
        return not_usable("No model is that good: these are the realised amounts themselves.")
    ratio = float(amounts.sum() / came_in.sum())
    said = f"Predicted over realised is {ratio:.2f}"
    if abs(ratio - 1) <= tolerance:
        return usable(f"{said}.")
    bound = 1 + tolerance if ratio > 1 else 1 - tolerance
    if not np.isfinite(ratio) or excludes_zero(mean_interval(amounts - bound * came_in)):
        return not_usable(f"{said}; at most {tolerance:.0%} off is wanted.")
    return usable(f"{said}: more than {tolerance:.0%} off, but within noise of it.")


@never_raises
def precision_kept(
    thresholds: Any, probabilities: Any, y: np.ndarray, judged_on: Any, target: float, task_names: Sequence[str]
) -> Finding:
    """Look at one threshold per label: among rows with at least that probability, enough are really positive.

    The target is a condition on the rows on which the threshold was chosen, so it holds or does not: noise has no say.
    The recall is told beside the highest that a threshold with the target reaches.

    Parameters
    ----------
    thresholds : array-like of shape (n_tasks,), or None
        Infinity where no threshold reaches the target: the label is then never predicted.
    probabilities : array-like of shape (n_samples, n_tasks), or None
    y : ndarray of 0 and 1, shape (n_samples, n_tasks)
    judged_on : index array, slice or mask
    target : float
        Smallest precision that passes.
    task_names : sequence of n_tasks str
    """
    if unsolved(thresholds):
        return not_done()
    readable = usable_predictions(probabilities, y.shape, probabilities=True)
    if not readable:
        return readable
    limits = numbers(thresholds)
    if isinstance(limits, str) or limits.shape != (y.shape[1],) or np.isnan(limits).any():
        return not_usable(f"Thresholds must be {y.shape[1]} numbers, one per label; infinity means never.")
    chances, truth = floats(probabilities)[judged_on], y[judged_on]
    decided = chances >= limits
    count, hits = decided.sum(axis=0), (decided * truth).sum(axis=0)
    silent = [name for name, n, limit in zip(task_names, count, limits) if n == 0 and np.isfinite(limit)]
    if silent:
        return not_usable(f"No row reaches the threshold of {', '.join(silent)}: lower it, or set infinity on purpose.")
    if not count.any():
        return not_usable("No label is ever predicted: that keeps any precision and helps nobody.")
    short = [f"{name} {h / n:.2f}" for name, n, h in zip(task_names, count, hits) if n and h / n < target]
    if short:
        return not_usable(f"Below the target of {target:.2f}: {', '.join(short)}.")
    found = [
        _recall_said(name, hit, _most_hits(p, t, target), int(t.sum()))
        for name, hit, p, t in zip(task_names, hits, chances.T, truth.T)
    ]
    return usable(f"Every label keeps {target:.2f}. Found: {', '.join(found)}.")


def _most_hits(p: np.ndarray, truth: np.ndarray, target: float) -> int:
    """The most positives that a threshold finds while it keeps the target."""
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(truth[order])
    last = np.append(np.diff(p[order]) != 0, True)  # rows of equal probability are flagged together
    kept = last & (hits / np.arange(1, len(p) + 1) >= target)
    return int(hits[kept].max(initial=0))


def _recall_said(name: str, hits: float, most: int, positives: int) -> str:
    more = f" ({most} are possible)" if most > hits else ""
    return f"{name} {hits:.0f} of {positives}{more}"
