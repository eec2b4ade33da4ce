r"""Bring the labels of several tasks to a common scale, and the predictions back to their units.

A scaler is one location :math:`m_t` and one scale :math:`s_t > 0` a task, learned on the training rows:

.. math::  z_{it} = \frac{y_{it} - m_t}{s_t}, \qquad y_{it} = m_t + s_t z_{it}

A mean, a prediction or a quantile goes back through both; a standard deviation or an RMSE has no location
and is multiplied by :math:`s_t` only. The map is affine, so it changes where a label lies and how wide it
is, never its shape: a skewed label stays exactly as skewed.
"""

from collections.abc import Callable, Sequence

import numpy as np

from mtl_teach._validate import check_all, check_choice, check_shape, must


def _standard(y: np.ndarray) -> tuple[float, float]:
    return np.mean(y), np.std(y)


def _minmax(y: np.ndarray) -> tuple[float, float]:
    return np.min(y), np.max(y) - np.min(y)


def _robust(y: np.ndarray) -> tuple[float, float]:
    low, median, high = np.quantile(y, [0.25, 0.5, 0.75])
    return median, high - low


def _none(y: np.ndarray) -> tuple[float, float]:
    return 0.0, 1.0


# Each entry maps the observed labels of one task, (n_observed,), to their location and scale.
METHODS: dict[str, Callable[[np.ndarray], tuple[float, float]]] = {
    "standard": _standard,
    "minmax": _minmax,
    "robust": _robust,
    "none": _none,
}


class TargetScaler:
    """One location and one scale for every task, learned on the training rows only.

    Parameters
    ----------
    method : {"standard", "minmax", "robust", "none"} or a sequence of these, one a task
        "standard": mean and standard deviation (of the population, ``ddof=0``, as in scikit-learn).
        "minmax": minimum and range; a new label can fall outside [0, 1].
        "robust": median and interquartile range; these two resist outliers, a squared loss on the scaled
        labels does not. "none": leave the task in its units.

    Attributes
    ----------
    location_, scale_ : ndarray of shape (n_tasks,)
        In the units of each task.

    Notes
    -----
    A missing label is NaN and stays NaN. `transform` returns a new array and never changes its input.
    Fitting again starts afresh: one scaler cannot remember two data sets.

    Examples
    --------
    >>> y = np.array([[10.0, 100.0], [20.0, np.nan], [30.0, 300.0]])
    >>> scaler = TargetScaler("minmax").fit(y)
    >>> scaler.transform(y)
    array([[0. , 0. ], [0.5, nan], [1. , 1. ]])
    >>> scaler.inverse_transform(np.array([[0.25, 0.25]]))
    array([[ 15., 150.]])
    >>> scaler.inverse_std(np.array([0.1, 0.1]))
    array([ 2., 20.])
    """

    def __init__(self, method: str | Sequence[str] = "standard"):
        for name in method if isinstance(method, (list, tuple)) else [method]:
            check_choice("method", name, METHODS)
        self.method = method

    def fit(self, y: np.ndarray) -> "TargetScaler":
        """Learn the location and scale of each task.

        Parameters
        ----------
        y : ndarray of shape (n_samples, n_tasks)
            Labels of the training rows; NaN where missing.

        Returns
        -------
        TargetScaler
            Itself.

        Raises
        ------
        ValueError
            If `y` is no matrix or holds an infinity, if a task has no label, or if its scale is 0 because
            its labels are constant (or, for "robust", because half of them are).
        TypeError
            If `y` does not hold numbers.
        """
        y = _check_labels(y)
        n_tasks = y.shape[1]
        methods = [self.method] * n_tasks if isinstance(self.method, str) else self.method
        if len(methods) != n_tasks:
            raise ValueError(must("method", f"name one method for each of the {n_tasks} tasks", self.method))
        location, scale = np.empty(n_tasks), np.empty(n_tasks)
        for task, name in enumerate(methods):
            observed = _observed(y, task)
            location[task], scale[task] = METHODS[name](observed)
            if name != "none":
                _check_spread(scale[task], observed, task)
        self.location_, self.scale_ = location, scale
        return self

    def transform(self, y: np.ndarray) -> np.ndarray:
        """Return ``(y - location_) / scale_``, of shape (n_samples, n_tasks), without unit."""
        return (self._check(y, "y") - self.location_) / self.scale_

    def inverse_transform(self, z: np.ndarray) -> np.ndarray:
        """Return ``location_ + scale_ * z``, of shape (n_samples, n_tasks), in the tasks' units."""
        return self._check(z, "z") * self.scale_ + self.location_

    def inverse_std(self, std: np.ndarray) -> np.ndarray:
        """Return ``scale_ * std``: spreads and errors are scaled, never shifted.

        Parameters
        ----------
        std : ndarray of shape (n_samples, n_tasks) or (n_tasks,)
            Non-negative standard deviations, RMSEs or MAEs of scaled labels.
        """
        std = np.asarray(std, dtype=float)
        std = self._check(std, "std") if std.ndim != 1 else self._check(std[None], "std")[0]
        check_all("std", std, ~(std < 0), "be non-negative")
        return self.scale_ * std

    def _check(self, value: np.ndarray, name: str) -> np.ndarray:
        if not hasattr(self, "scale_"):
            raise ValueError(must("TargetScaler", "be fitted first, by `fit(y)`", "an unfitted scaler"))
        value = _as_floats(value, name)
        check_shape(name, value, n_samples=None, n_tasks=len(self.scale_))
        return value


def variance_weights(y: np.ndarray) -> np.ndarray:
    """Return one loss weight a task: 1 / variance of its observed labels.

    With these weights the mean squared errors of all tasks become shares of variance, 1 at the mean
    predictor. The minimiser is then that of standardised labels; the *path* of a shared network is not,
    because the labels themselves still have their size and offset.

    Parameters
    ----------
    y : ndarray of shape (n_samples, n_tasks)
        Labels of the training rows; NaN where missing.

    Returns
    -------
    ndarray of shape (n_tasks,)
        In 1 / (unit of the task)². The variance is that of the population (``ddof=0``).

    Raises
    ------
    ValueError
        If `y` is no matrix or holds an infinity, a task has no label, or its labels are constant.

    Examples
    --------
    >>> variance_weights(np.array([[1.0, 10.0], [3.0, 30.0], [np.nan, 50.0]]))
    array([1.     , 0.00375])
    """
    y = _check_labels(y)
    weights = np.empty(y.shape[1])
    for task in range(len(weights)):
        observed = _observed(y, task)
        variance = np.var(observed)
        _check_spread(variance, observed, task)
        weights[task] = 1.0 / variance
    return weights


def _as_floats(y: np.ndarray, name: str) -> np.ndarray:
    try:
        return np.asarray(y, dtype=float)
    except (TypeError, ValueError) as cause:
        raise TypeError(must(name, "hold numbers", f"{type(y).__name__} ({cause})")) from cause


def _check_labels(y: np.ndarray) -> np.ndarray:
    y = _as_floats(y, "y")
    check_shape("y", y, n_samples=None, n_tasks=None)
    check_all("y", y, ~np.isinf(y), "be finite, or NaN where a label is missing")
    return y


def _observed(y: np.ndarray, task: int) -> np.ndarray:
    column = y[:, task]
    observed = column[~np.isnan(column)]
    if len(observed) == 0:
        raise ValueError(must("y", "have at least one label a task", f"none for task {task}"))
    return observed


def _check_spread(spread: float, observed: np.ndarray, task: int) -> None:
    # A constant column can have a computed deviation of 1e-17 instead of 0, so the labels are compared too.
    if spread == 0 or observed.min() == observed.max():
        raise ValueError(must("y", "have a spread above 0 in every task", f"a spread of 0 for task {task}"))
