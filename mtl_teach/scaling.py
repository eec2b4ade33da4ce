r"""Bring the labels of several tasks to a common scale, and the predictions back to their units.

A scaler is one location :math:`m_t` and one scale :math:`s_t > 0` per task, learned on the training rows:

.. math::  z_{it} = \frac{y_{it} - m_t}{s_t}, \qquad y_{it} = m_t + s_t z_{it}

A mean, a prediction or a quantile goes back through both; a standard deviation or an RMSE has no location
and is multiplied by :math:`s_t` only. The map is affine, so it changes where a label lies and how wide it
is, never its shape: a skewed label stays exactly as skewed. `LogScaler` takes the logarithm first, and that changes
the shape; its way back is a question of what is asked for, a median or a mean (Duan 1983).

A DataFrame goes in and comes out as one; its missing labels count as missing.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mtl_teach._validate import as_floats, check_all, check_choice, check_shape, like, must


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
    """One location and one scale per task, learned on the training rows only.

    Parameters
    ----------
    method : {"standard", "minmax", "robust", "none"} or a sequence of these, one per task
        "standard": mean and standard deviation (of the population, ``ddof=0``, as in scikit-learn).
        "minmax": minimum and range; a new label can fall outside [0, 1].
        "robust": median and interquartile range; these two resist outliers, but a squared loss on the scaled
        labels does not. "none": leave the task in its units.

    Attributes
    ----------
    location_, scale_ : ndarray of shape (n_tasks,)
        In the units of each task.

    Notes
    -----
    A missing label is NaN and stays NaN. `transform` returns a new array and never changes its input.
    Fitting again starts afresh: one scaler cannot remember two data sets. A task whose observed labels are all equal
    gets the scale 1, as in scikit-learn: its labels become 0 and it does not end a cross-validation.

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

    def fit(self, y: Any) -> "TargetScaler":
        """Learn the location and scale of each task.

        Parameters
        ----------
        y : array-like or DataFrame of shape (n_samples, n_tasks)
            Labels of the training rows; NaN where missing.

        Returns
        -------
        TargetScaler
            Itself.

        Raises
        ------
        ValueError
            If `y` is no matrix or holds an infinity, if a task has no label, or if "robust" finds an interquartile
            range of 0 among labels that differ: half of them are equal, and no unit would come of it.
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
            if observed.min() == observed.max() and name != "none":
                # The values decide: a computed deviation of equal labels can be 1e-17.
                location[task], scale[task] = observed[0], 1.0
            _check_spread(scale[task], task)
        self.location_, self.scale_ = location, scale
        return self

    def transform(self, y: Any) -> Any:
        """Return ``(y - location_) / scale_``, of shape (n_samples, n_tasks), without unit."""
        return like(y, (self._check(y, "y") - self.location_) / self.scale_)

    def inverse_transform(self, z: Any) -> Any:
        """Return ``location_ + scale_ * z``, of shape (n_samples, n_tasks), in the tasks' units."""
        return like(z, self._check(z, "z") * self.scale_ + self.location_)

    def inverse_std(self, std: Any) -> Any:
        """Return ``scale_ * std``: spreads and errors are scaled, never shifted.

        Parameters
        ----------
        std : array-like or DataFrame of shape (n_samples, n_tasks), or (n_tasks,)
            Non-negative standard deviations, RMSEs or MAEs of scaled labels.
        """
        values = as_floats("std", std)
        values = self._check(std, "std") if values.ndim != 1 else self._check(values[None], "std")[0]
        check_all("std", values, ~(values < 0), "be non-negative")
        return like(std, self.scale_ * values)

    def _check(self, value: Any, name: str) -> np.ndarray:
        return _check_fitted(self, value, name)


class LogScaler:
    r"""The logarithm of each label, standardised; and two ways back.

    .. math::  z_{it} = \frac{\log y_{it} - m_t}{s_t}

    A model trained on :math:`z` with a squared loss predicts the mean of the *logarithm*. The exponential brings it
    back as the median of a log-normal label, below its mean; `inverse_mean` multiplies it by the smearing
    factor, the mean of :math:`\exp(s_t (z_{it} - \hat z_{it}))` over rows that the predictions were not fitted on.

    Attributes
    ----------
    location_, scale_ : ndarray of shape (n_tasks,)
        Mean and standard deviation of the logarithms, without unit.
    smearing_ : ndarray of shape (n_tasks,)
        At least about 1; only after `fit_smearing`.

    Notes
    -----
    Smearing assumes that the residuals of the logarithm have one distribution for all rows. Where their spread grows
    with the prediction, the factor is right on average and wrong at both ends.

    References
    ----------
    Duan, Smearing estimate: a nonparametric retransformation method, JASA 78, 1983. There the residuals are those of
    the rows that the model was fitted on.

    Examples
    --------
    >>> y = np.array([[1.0], [10.0], [100.0]])
    >>> scaler = LogScaler().fit(y)
    >>> scaler.transform(y).round(3).ravel()
    array([-1.225,  0.   ,  1.225])
    >>> scaler.inverse_transform(np.array([[0.0]])).round(6)
    array([[10.]])
    >>> scaler.fit_smearing(y, np.zeros((3, 1))).inverse_mean(np.array([[0.0]])).round(6)
    array([[37.]])
    """

    def fit(self, y: Any) -> "LogScaler":
        """Learn the mean and the standard deviation of the logarithm of each task's labels.

        Parameters
        ----------
        y : array-like or DataFrame of shape (n_samples, n_tasks)
            Positive labels of the training rows; NaN where missing.

        Returns
        -------
        LogScaler
            Itself, without a smearing factor.

        Raises
        ------
        ValueError
            If `y` is no matrix, holds an infinity or a label that is not positive, or a task has no label.
        TypeError
            If `y` does not hold numbers.
        """
        logs = TargetScaler().fit(_log(y))
        self.location_, self.scale_ = logs.location_, logs.scale_
        self.__dict__.pop("smearing_", None)
        return self

    def transform(self, y: Any) -> Any:
        """Return ``(log(y) - location_) / scale_``, of shape (n_samples, n_tasks)."""
        return like(y, (_check_fitted(self, _log(y), "y") - self.location_) / self.scale_)

    def inverse_transform(self, z: Any) -> Any:
        """Return ``exp(location_ + scale_ * z)``, in the tasks' units: medians, where z is a mean of a symmetric z."""
        return like(z, np.exp(_check_fitted(self, z, "z") * self.scale_ + self.location_))

    def fit_smearing(self, y: Any, z: Any) -> "LogScaler":
        """Learn the smearing factor of each task.

        Parameters
        ----------
        y : array-like or DataFrame of shape (n_samples, n_tasks)
            Labels in their units, of rows that the model was not fitted on; NaN where missing.
        z : array-like or DataFrame of that shape
            What the model predicts for their scaled logarithm.

        Returns
        -------
        LogScaler
            Itself.
        """
        residuals = self.scale_ * (as_floats("y", self.transform(y)) - _check_fitted(self, z, "z"))
        for task in range(residuals.shape[1]):
            _observed(residuals, task)
        self.smearing_ = np.nanmean(np.exp(residuals), axis=0)
        return self

    def inverse_mean(self, z: Any) -> Any:
        """Return ``smearing_ * exp(location_ + scale_ * z)``, in the tasks' units: means.

        Raises
        ------
        ValueError
            If there is no smearing factor yet.
        """
        if not hasattr(self, "smearing_"):
            raise ValueError(must("LogScaler", "learn its smearing factor first, by `fit_smearing(y, z)`", "none"))
        return self.inverse_transform(z) * self.smearing_


def variance_weights(y: Any) -> np.ndarray:
    """Return one loss weight per task: 1 / variance of its observed labels.

    With these weights the mean squared errors of all tasks become shares of variance, 1 at the mean
    predictor. The minimiser is then that of standardised labels; the *path* of a shared network is not,
    because the labels themselves still have their size and offset.

    Parameters
    ----------
    y : array-like or DataFrame of shape (n_samples, n_tasks)
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
        _check_spread(np.ptp(observed), task)  # the values decide: a computed variance can be 1e-34 instead of 0
        weights[task] = 1.0 / np.var(observed)
    return weights


def _check_labels(y: Any) -> np.ndarray:
    y = as_floats("y", y)
    check_shape("y", y, n_samples=None, n_tasks=None)
    check_all("y", y, ~np.isinf(y), "be finite, or NaN where a label is missing")
    return y


def _log(y: Any) -> np.ndarray:
    y = _check_labels(y)
    check_all("y", y, ~(y <= 0), "be positive to have a logarithm")
    return np.log(y)


def _check_fitted(scaler: TargetScaler | LogScaler, value: Any, name: str) -> np.ndarray:
    if not hasattr(scaler, "scale_"):
        raise ValueError(must(type(scaler).__name__, "be fitted first, by `fit(y)`", "an unfitted scaler"))
    value = as_floats(name, value)
    check_shape(name, value, n_samples=None, n_tasks=len(scaler.scale_))
    return value


def _observed(y: np.ndarray, task: int) -> np.ndarray:
    column = y[:, task]
    observed = column[~np.isnan(column)]
    if len(observed) == 0:
        raise ValueError(must("y", "have at least one label per task", f"none for task {task}"))
    return observed


def _check_spread(spread: float, task: int) -> None:
    if spread == 0:
        raise ValueError(must("y", "have a spread above 0 in every task", f"a spread of 0 for task {task}"))
