"""Every metric for every task, over the labels that are there.

    metric(y_t[observed_t], p_t[observed_t])

for the labels y_t and predictions p_t of task t. A mean over tasks hides who pays, so it is left to the aggregates.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._tables import as_floats, as_mask, check_table, names_of
from mtl_teach._validate import check_all, check_shape, must

Metric = Callable[[np.ndarray, np.ndarray], float]
"""From the labels and predictions of one task, both of shape ``(n_samples,)``, to one number."""


def per_task_metrics(
    y_true: ArrayLike, y_pred: ArrayLike, metrics: Mapping[str, Metric], mask: ArrayLike | None = None
) -> dict[str, np.ndarray]:
    """Apply each metric to each task, over the rows where that task's label is observed.

    Invert the label scaling first: a metric in z-scores belongs to nobody.

    Parameters
    ----------
    y_true : array-like or DataFrame of shape (n_samples, n_tasks)
        Labels; NaN where missing.
    y_pred : array-like or DataFrame of shape (n_samples, n_tasks)
        Predictions in the same units, columns in the same order. Of two DataFrames names must agree, those of the
        columns and those of the rows; rows that are only counted, as in ``DataFrame(model.predict(X))``, are taken
        by position.
    metrics : mapping from name to callable(y_true (n,), y_pred (n,)) -> float
        For example ``{"r2": sklearn.metrics.r2_score}``.
    mask : array-like or DataFrame of bool, shape (n_samples, n_tasks), optional
        True = label observed. By default, where `y_true` is not NaN.

    Returns
    -------
    dict from name to ndarray of shape (n_tasks,)
        NaN for a task without an observed label. Where a metric is not defined (an R² of one row, an AUC of one class)
        its own answer stands: scikit-learn's are NaN for these two, with a warning.

    Raises
    ------
    ValueError
        If shapes or names differ, `metrics` is empty, or an observed label or its prediction is NaN.
    TypeError
        If `y_true` or `y_pred` does not hold numbers, `mask` is not boolean, `metrics` is no mapping, or a metric does
        not return one number.
    Exception
        What a metric raises, with a note that names the metric and the task.

    Examples
    --------
    >>> from sklearn.metrics import mean_absolute_error
    >>> y = np.array([[1.0, 10.0], [2.0, np.nan], [3.0, 30.0]])
    >>> per_task_metrics(y, y + [[1, 5]] * 3, {"mae": mean_absolute_error})
    {'mae': array([1., 5.])}
    """
    labels, predictions = as_floats("y_true", y_true), as_floats("y_pred", y_pred)
    check_shape("y_true", labels, n_samples=None, n_tasks=None)
    n_samples, n_tasks = labels.shape
    check_table("y_pred", y_pred, predictions, "`y_true`", y_true, n_samples=n_samples, n_tasks=n_tasks)
    seen = ~np.isnan(labels)
    if mask is not None:
        seen = as_mask("mask", mask)
        check_table("mask", mask, seen, "`y_true`", y_true, n_samples=n_samples, n_tasks=n_tasks)
    if not isinstance(metrics, Mapping):
        raise TypeError(must("metrics", "be a mapping from name to callable", type(metrics).__name__))
    if not metrics:
        raise ValueError(must("metrics", "name at least one metric", "none"))
    check_all("y_true", labels, ~(np.isnan(labels) & seen), "be a number where `mask` is True")
    check_all("y_pred", predictions, ~(np.isnan(predictions) & seen), "be a number where a label is observed")
    names = names_of(y_true) or range(n_tasks)

    def over_tasks(name: str, metric: Metric) -> np.ndarray:
        scores = np.full(n_tasks, np.nan)
        for task, rows in enumerate(seen.T):
            if rows.any():
                which = f"{name!r} of task {names[task]!r}"
                scores[task] = _called(metric, labels[rows, task], predictions[rows, task], which)
        return scores

    return {name: over_tasks(name, metric) for name, metric in metrics.items()}


def _called(metric: Metric, labels: np.ndarray, predictions: np.ndarray, which: str) -> float:
    """Call a metric; whatever goes wrong names it and its task."""
    try:
        value = metric(labels, predictions)
    except Exception as error:
        error.add_note(f"Raised by the metric {which}.")
        raise
    try:
        return float(value)
    except (TypeError, ValueError) as cause:
        raise TypeError(must("metrics", "return one number each", f"{type(value).__name__} from {which}")) from cause
