"""Every metric for every task, over the labels that are there.

    metric(y_t[observed_t], p_t[observed_t])

for the labels y_t and predictions p_t of task t. A mean over tasks hides who pays, so it is left to the aggregates.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._validate import as_floats, check_all, check_boolean, check_shape, must

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
        Predictions in the same units, columns in the same order.
    metrics : mapping from name to callable(y_true (n,), y_pred (n,)) -> float
        For example ``{"r2": sklearn.metrics.r2_score}``.
    mask : array-like of bool, shape (n_samples, n_tasks), optional
        True = label observed. By default, where `y_true` is not NaN.

    Returns
    -------
    dict from name to ndarray of shape (n_tasks,)
        NaN for a task without an observed label.

    Raises
    ------
    ValueError
        If shapes differ, `metrics` is empty, or an observed label or its prediction is NaN.
    TypeError
        If `mask` is not boolean.

    Examples
    --------
    >>> from sklearn.metrics import mean_absolute_error
    >>> y = np.array([[1.0, 10.0], [2.0, np.nan], [3.0, 30.0]])
    >>> per_task_metrics(y, y + [[1, 5]] * 3, {"mae": mean_absolute_error})
    {'mae': array([1., 5.])}
    """
    y_true, y_pred = as_floats("y_true", y_true), as_floats("y_pred", y_pred)
    check_shape("y_true", y_true, n_samples=None, n_tasks=None)
    n_samples, n_tasks = y_true.shape
    check_shape("y_pred", y_pred, n_samples=n_samples, n_tasks=n_tasks)
    seen = ~np.isnan(y_true) if mask is None else np.asarray(mask)
    check_shape("mask", seen, n_samples=n_samples, n_tasks=n_tasks)
    check_boolean("mask", seen)
    if not metrics:
        raise ValueError(must("metrics", "name at least one metric", "none"))
    check_all("y_true", y_true, ~(np.isnan(y_true) & seen), "be a number where `mask` is True")
    check_all("y_pred", y_pred, ~(np.isnan(y_pred) & seen), "be a number where a label is observed")

    def over_tasks(metric: Metric) -> np.ndarray:
        rows = (seen[:, task] for task in range(n_tasks))
        columns = zip(y_true.T, y_pred.T, rows)
        return np.array([float(metric(t[r], p[r])) if r.any() else np.nan for t, p, r in columns])

    return {name: over_tasks(metric) for name, metric in metrics.items()}
