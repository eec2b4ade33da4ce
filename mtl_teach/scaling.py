r"""Bring the labels of several tasks to a common scale, and the predictions back to their units.

A scaler is one location :math:`m_t` and one scale :math:`s_t > 0` per task, learned on the training rows:

.. math::  z_{it} = \frac{y_{it} - m_t}{s_t}, \qquad y_{it} = m_t + s_t z_{it}

A mean, a prediction or a quantile goes back through both; a standard deviation or an RMSE has no location
and is multiplied by :math:`s_t` only. The map is affine, so it changes where a label lies and how wide it
is, never its shape: a skewed label stays exactly as skewed. `LogScaler` takes the logarithm first, and that changes
the shape; its way back is a question of what is asked for, a median or a mean (Duan 1983).

A DataFrame goes in and comes out as one, with its rows and columns; its missing labels count as missing. Whoever fits
on a DataFrame is held to its columns: another one with other columns, or the same in another order, is refused.
Arrays, lists and tensors have no names and are taken by position.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np

from mtl_teach._tables import as_floats, check_names, check_rows, like, names_of
from mtl_teach._validate import all_equal, check_all, check_choice, check_shape, must


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


class Scaler:
    """What the scalers share, so that scikit-learn can copy and tune them: their parameters, by name.

    Examples
    --------
    >>> scaler = TargetScaler("minmax")
    >>> scaler.get_params(), scaler.set_params(method="robust")
    ({'method': 'minmax'}, TargetScaler(method='robust'))
    """

    location_: np.ndarray
    scale_: np.ndarray
    task_names_: list[Any] | None

    def fit(self, y: Any) -> Self:
        """Learn from the training rows."""
        raise NotImplementedError

    def transform(self, y: Any) -> Any:
        """Return the scaled labels."""
        raise NotImplementedError

    def fit_transform(self, y: Any) -> Any:
        """Return the scaled labels of the rows that are learned from."""
        return self.fit(y).transform(y)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments by name; `deep` is there for scikit-learn and changes nothing."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def set_params(self, **params: Any) -> Self:
        """Change arguments of the constructor; what was fitted stays until `fit`."""
        vars(self).update(vars(type(self)(**(self.get_params() | params))))
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.get_params().items())})"

    def _check(self, value: Any, name: str) -> np.ndarray:
        """Return labels or predictions as an array (n_samples, n_tasks), of the tasks that were fitted."""
        if not hasattr(self, "scale_"):
            raise ValueError(must(type(self).__name__, "be fitted first, by `fit(y)`", "an unfitted scaler"))
        array = as_floats(name, value)
        if array.ndim == 2:
            check_names(name, value, "the fitted labels", self.task_names_)
        check_shape(name, array, n_samples=None, n_tasks=len(self.scale_))
        return array


class TargetScaler(Scaler):
    """One location and one scale per task, learned on the training rows only.

    Parameters
    ----------
    method : {"standard", "minmax", "robust", "none"}, or one of these per task
        For one per task give a list in the order of the columns or, for a DataFrame, a dict from column to method.
        "standard": mean and standard deviation (of the population, ``ddof=0``, as in scikit-learn).
        "minmax": minimum and range; a new label can fall outside [0, 1].
        "robust": median and interquartile range; these two resist outliers, but a squared loss on the scaled
        labels does not. "none": leave the task in its units.

    Attributes
    ----------
    location_, scale_ : ndarray of shape (n_tasks,)
        In the units of each task.
    task_names_ : list or None
        The columns of the DataFrame that was fitted; None for what has no names.

    Notes
    -----
    A missing label is NaN and stays NaN. `transform` returns a new array and never changes its input.
    Fitting again starts afresh: one scaler cannot remember two data sets. A task whose observed labels are all equal
    (but for their last bits) gets the scale 1, as in scikit-learn: its labels become 0 and it does not end a
    cross-validation.

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

    def __init__(self, method: str | Sequence[str] | Mapping[Any, str] = "standard"):
        given = method.values() if isinstance(method, Mapping) else method
        for name in [method] if isinstance(given, str) or not hasattr(given, "__iter__") else given:
            check_choice("method", name, METHODS)
        self.method = method

    def fit(self, y: Any) -> Self:
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
            If `y` is no matrix or holds an infinity, if a task has no label, if `method` does not name one for each
            task, or if the scale of labels that differ is 0 or overflows. "robust" finds 0 where half of the labels
            are equal: no unit would come of it.
        TypeError
            If `y` does not hold numbers.
        """
        names = names_of(y)
        y = _check_labels(y)
        location, scale = np.empty(y.shape[1]), np.empty(y.shape[1])
        for task, name in enumerate(self._methods(names, y.shape[1])):
            observed = _observed(y, task)
            with np.errstate(over="ignore"):
                location[task], scale[task] = METHODS[name](observed)
            if all_equal(observed) and name != "none":
                # The values decide: a computed deviation of equal labels can be 1e-17.
                location[task], scale[task] = observed[0], 1.0
            _check_spread(scale[task], task)
        self.location_, self.scale_, self.task_names_ = location, scale, names
        return self

    def transform(self, y: Any) -> Any:
        """Return ``(y - location_) / scale_``, of shape (n_samples, n_tasks), without unit.

        Raises
        ------
        ValueError
            If it was not fitted, or `y` has another number of tasks or other columns than the fitted labels.
        TypeError
            If `y` does not hold numbers.
        """
        return like(y, (self._check(y, "y") - self.location_) / self.scale_)

    def inverse_transform(self, z: Any) -> Any:
        """Return ``location_ + scale_ * z``, of shape (n_samples, n_tasks), in the tasks' units.

        Raises
        ------
        ValueError
            If it was not fitted, or `z` has another number of tasks or other columns than the fitted labels.
        TypeError
            If `z` does not hold numbers.
        """
        return like(z, self._check(z, "z") * self.scale_ + self.location_)

    def inverse_std(self, std: Any) -> Any:
        """Return ``scale_ * std``: spreads and errors are scaled, never shifted.

        Parameters
        ----------
        std : array-like or DataFrame of shape (n_samples, n_tasks), or (n_tasks,)
            Non-negative standard deviations, RMSEs or MAEs of scaled labels; a Series has one entry per task.

        Returns
        -------
        ndarray, DataFrame or Series of that shape
            In the tasks' units.

        Raises
        ------
        ValueError
            As `transform`, or if one is negative.
        TypeError
            If `std` does not hold numbers.
        """
        values = as_floats("std", std)
        if values.ndim == 1:
            values = self._check(values[None], "std")[0]
            check_names("std", std, "the fitted labels", self.task_names_)
        else:
            values = self._check(std, "std")
        check_all("std", values, ~(values < 0), "be non-negative")
        return like(std, self.scale_ * values)

    def _methods(self, names: list[Any] | None, n_tasks: int) -> list[str]:
        """Return the method of each task."""
        if isinstance(self.method, str):
            return [self.method] * n_tasks
        if not isinstance(self.method, Mapping):
            methods = list(self.method)
        else:
            methods = [self.method[name] for name in names or [] if name in self.method]
        if not len(methods) == len(self.method) == n_tasks:
            need = f"name one method for each of the {n_tasks} tasks" + (f", {names}" if names else "")
            raise ValueError(must("method", need, self.method))
        return methods


class LogScaler(Scaler):
    r"""The logarithm of each label, standardised; and two ways back.

    .. math::  z_{it} = \frac{\log y_{it} - m_t}{s_t}

    A model trained on :math:`z` with a squared loss predicts the mean of the *logarithm*. The exponential brings it
    back as the median of a log-normal label, below its mean; `inverse_mean` multiplies it by the smearing
    factor, the mean of :math:`\exp(s_t (z_{it} - \hat z_{it}))` over rows that the predictions were not fitted on.

    Attributes
    ----------
    location_, scale_ : ndarray of shape (n_tasks,)
        Mean and standard deviation of the logarithms, without unit.
    task_names_ : list or None
        As in `TargetScaler`.
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

    def fit(self, y: Any) -> Self:
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
        self.location_, self.scale_, self.task_names_ = logs.location_, logs.scale_, names_of(y)
        vars(self).pop("smearing_", None)
        return self

    def transform(self, y: Any) -> Any:
        """Return ``(log(y) - location_) / scale_``, of shape (n_samples, n_tasks).

        Raises
        ------
        ValueError
            As `TargetScaler.transform`, or if a label is infinite or not positive.
        TypeError
            If `y` does not hold numbers.
        """
        self._check(y, "y")
        return like(y, (_log(y) - self.location_) / self.scale_)

    def inverse_transform(self, z: Any) -> Any:
        """Return ``exp(location_ + scale_ * z)``, in the tasks' units: medians, where z is a mean of a symmetric z.

        Raises
        ------
        ValueError, TypeError
            As `TargetScaler.inverse_transform`.
        """
        return like(z, np.exp(self._check(z, "z") * self.scale_ + self.location_))

    def fit_smearing(self, y: Any, z: Any) -> Self:
        """Learn the smearing factor of each task.

        Parameters
        ----------
        y : array-like or DataFrame of shape (n_samples, n_tasks)
            Labels in their units, of rows that the model was not fitted on; NaN where missing.
        z : array-like or DataFrame of that shape
            What the model predicts for their scaled logarithm. Two DataFrames whose rows have names must have the
            same in the same order; otherwise row i belongs to row i.

        Returns
        -------
        LogScaler
            Itself.

        Raises
        ------
        ValueError
            If it was not fitted, shapes or names differ, `y` holds an infinity or a label that is not positive, a task
            has no label, or a prediction is not finite where there is a label.
        TypeError
            If `y` or `z` does not hold numbers.
        """
        labels, predicted = as_floats("y", self.transform(y)), self._check(z, "z")
        check_shape("z", predicted, n_samples=len(labels), n_tasks=labels.shape[1])
        check_rows("z", z, "`y`", y)
        check_all("z", predicted, np.isfinite(predicted) | np.isnan(labels), "be finite where there is a label")
        factors = np.exp(self.scale_ * (labels - predicted))
        self.smearing_ = np.array([np.mean(_observed(factors, task)) for task in range(factors.shape[1])])
        return self

    def inverse_mean(self, z: Any) -> Any:
        """Return ``smearing_ * exp(location_ + scale_ * z)``, in the tasks' units: means.

        Raises
        ------
        ValueError
            If there is no smearing factor yet, or as `inverse_transform`.
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
        If `y` is no matrix or holds an infinity, a task has no label, its labels are all equal (but for their last
        bits), or their variance is too large or too small for a float.

    Examples
    --------
    >>> variance_weights(np.array([[1.0, 10.0], [3.0, 30.0], [np.nan, 50.0]]))
    array([1.     , 0.00375])
    """
    y = _check_labels(y)
    weights = np.empty(y.shape[1])
    for task in range(len(weights)):
        observed = _observed(y, task)
        with np.errstate(over="ignore"):
            variance = np.var(observed)
        # The values decide: a computed variance of equal labels can be 1e-34 instead of 0.
        _check_spread(0.0 if all_equal(observed) else variance, task)
        weights[task] = 1.0 / variance
    return weights


def _check_labels(y: Any) -> np.ndarray:
    y = as_floats("y", y)
    check_shape("y", y, n_samples=None, n_tasks=None)
    if y.shape[1] == 0:
        raise ValueError(must("y", "have at least one task", "none"))
    check_all("y", y, ~np.isinf(y), "be finite, or NaN where a label is missing")
    return y


def _log(y: Any) -> np.ndarray:
    y = _check_labels(y)
    check_all("y", y, ~(y <= 0), "be positive to have a logarithm")
    return np.log(y)


def _observed(y: np.ndarray, task: int) -> np.ndarray:
    column = y[:, task]
    observed = column[~np.isnan(column)]
    if len(observed) == 0:
        raise ValueError(must("y", "have at least one label per task", f"none for task {task}"))
    return observed


def _check_spread(spread: float, task: int) -> None:
    if spread == 0 or not np.isfinite(spread):
        need = "have a spread above 0, and one that a float can hold, in every task"
        raise ValueError(must("y", need, f"a spread of {spread:g} for task {task}"))
