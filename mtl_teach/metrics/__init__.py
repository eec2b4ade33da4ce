"""Measuring several tasks: per-task metrics, aggregates with their traps, thresholds, and intervals over
seeds.

Two aggregates, for a score matrix with models in rows and tasks in columns:

    z-score aggregate:  mean over tasks of ± (score - mean over models) / sd over models
    Delta_m:            mean over tasks of ± (score - baseline) / baseline

with + where higher is better. The first depends on *which other models are in the table*: adding a third
can swap the first two. The second compares with a fixed single-task baseline, which is why the baseline is
an argument here.

References
----------
Maninis, Radosavovic, Kokkinos, "Attentive Single-Tasking of Multiple Tasks", 2019, eq. 4 (Delta_m, in
percent and negative = better where lower is better; ours is a fraction and positive = better always).
Vandenhende et al., "Multi-Task Learning for Dense Prediction Tasks", 2021, eq. 4.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from mtl_teach._validate import check_all, check_boolean, check_choice, check_shape, must

Metric = Callable[[np.ndarray, np.ndarray], float]


class Interval(NamedTuple):
    """A mean and how far its confidence interval reaches to either side, both in the units of the values."""

    mean: np.ndarray
    half_width: np.ndarray

    @property
    def low(self) -> np.ndarray:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> np.ndarray:
        """Upper end of the interval."""
        return self.mean + self.half_width

    def __str__(self) -> str:
        pairs = zip(np.ravel(self.mean), np.ravel(self.half_width))
        return ", ".join(f"{mean:+.3f} ± {half_width:.3f}" for mean, half_width in pairs)

    def __format__(self, spec: str) -> str:
        """Mean and half-width in the format of a number; the sign, if one is asked for, is the mean's.

        >>> f"{Interval(0.605, 0.009):.2f}"
        '0.60 ± 0.01'
        """
        if not spec:
            return str(self)
        pairs = zip(np.ravel(self.mean), np.ravel(self.half_width))
        return ", ".join(f"{mean:{spec}} ± {half_width:{spec.lstrip('+')}}" for mean, half_width in pairs)


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean over repetitions and its Student t-interval.

    The interval speaks about the mean over *seeds*, if seeds are what the rows are: about rerunning this
    experiment, not about other data sets.

    Parameters
    ----------
    values : array-like of shape (n_repeats, ...)
        One row a repetition, for instance a seed.
    confidence : float in (0, 1)

    Returns
    -------
    Interval
        `mean` and `half_width`, each of shape (...).

    Raises
    ------
    ValueError
        If there are fewer than two repetitions, a value is not finite, or `confidence` is outside (0, 1).

    References
    ----------
    Student, "The Probable Error of a Mean", 1908.

    Examples
    --------
    >>> print(mean_interval([0.28, 0.31, 0.35, 0.22, 0.30]))
    +0.292 ± 0.059
    """
    values = np.asarray(values, dtype=float)
    if values.ndim == 0 or len(values) < 2:
        raise ValueError(must("values", "hold at least 2 repetitions", f"shape {values.shape}"))
    check_all("values", values, np.isfinite(values), "be finite")
    if not 0 < confidence < 1:
        raise ValueError(must("confidence", "lie in (0, 1)", confidence))
    n = len(values)
    quantile = stats.t.ppf(0.5 + confidence / 2, df=n - 1)
    return Interval(values.mean(axis=0), quantile * values.std(axis=0, ddof=1) / np.sqrt(n))


def per_task_metrics(
    y_true: ArrayLike, y_pred: ArrayLike, metrics: Mapping[str, Metric], mask: ArrayLike | None = None
) -> dict[str, np.ndarray]:
    """Apply each metric to each task, over the rows where that task's label is observed.

    Invert the label scaling first: a metric in z-scores belongs to nobody.

    Parameters
    ----------
    y_true : array-like of shape (n_samples, n_tasks)
        Labels; NaN where missing.
    y_pred : array-like of shape (n_samples, n_tasks)
        Predictions in the same units.
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
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
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


def zscore_aggregate(scores: ArrayLike, higher_is_better: ArrayLike, reference: ArrayLike | None = None) -> np.ndarray:
    """Average each model's z-scores over the tasks: a league table that depends on who takes part.

    Kept here because it is popular and must be recognised. Its mean and spread come from the models in the
    table, so that adding a bad model can swap the order of two good ones, and a weak task hides behind
    strong ones. Prefer `delta_m` to a fixed baseline, with the worst task beside it.

    Parameters
    ----------
    scores : array-like of shape (n_models, n_tasks)
    higher_is_better : array-like of bool, shape (n_tasks,)
    reference : array-like of shape (n_reference, n_tasks), optional
        Models whose mean and standard deviation (ddof 0) standardise the scores; by default the models
        themselves.

    Returns
    -------
    ndarray of shape (n_models,)
        Higher is better. A task on which all reference models agree contributes 0.

    Raises
    ------
    ValueError
        If shapes do not agree or a value is NaN.
    TypeError
        If `higher_is_better` is not boolean.

    Examples
    --------
    >>> zscore_aggregate([[0.9, 10.0], [0.7, 30.0]], higher_is_better=[True, False])
    array([ 1., -1.])
    """
    scores = _scores(scores)
    sign = _sign(higher_is_better, scores.shape[1])
    among = scores if reference is None else np.asarray(reference, dtype=float)
    check_shape("reference", among, n_reference=None, n_tasks=scores.shape[1])
    check_all("reference", among, ~np.isnan(among), "be numbers")
    centred, spread = scores - among.mean(axis=0), among.std(axis=0)
    agree = np.ptp(among, axis=0) == 0  # not `spread == 0`: rounding can leave a spread of 1e-17
    z = np.where(agree, 0.0, centred / np.where(agree, 1.0, spread))
    return (sign * z).mean(axis=1)


def delta_m(
    scores: ArrayLike, baseline: ArrayLike, higher_is_better: ArrayLike, task: Sequence[object] | None = None
) -> np.ndarray:
    """Return the mean relative gain over a single-task baseline, positive = better.

    Delta_m = mean over tasks of (-1)^(lower is better) (score - baseline) / baseline.

    Parameters
    ----------
    scores : array-like of shape (..., n_metrics)
        Scores of one model, or of several in rows.
    baseline : array-like of shape (n_metrics,)
        The single-task models' scores; positive, because the gain is relative to them.
    higher_is_better : array-like of bool, shape (n_metrics,)
    task : sequence of n_metrics labels, optional
        Which task each metric belongs to. Metrics are averaged within a task first, so that a task with three
        metrics does not count three times. By default every metric is a task.

    Returns
    -------
    ndarray of shape (...)
        A fraction: 0.02 is 2 %.

    Raises
    ------
    ValueError
        If shapes do not agree, a baseline is not positive, or a value is NaN.
    TypeError
        If `higher_is_better` is not boolean.

    References
    ----------
    Maninis et al. 2019, eq. 4; the sign and unit are ours (see the module's text).

    Examples
    --------
    Accuracy up by 10 %, error down by 20 %: both are gains.

    >>> round(float(delta_m([0.88, 4.0], baseline=[0.80, 5.0], higher_is_better=[True, False])), 3)
    0.15
    """
    scores, baseline = np.asarray(scores, dtype=float), np.asarray(baseline, dtype=float)
    check_shape("baseline", baseline, n_metrics=None)
    n_metrics = len(baseline)
    if scores.ndim == 0 or scores.shape[-1] != n_metrics:
        raise ValueError(must("scores", f"have shape (..., n_metrics) = (..., {n_metrics})", scores.shape))
    check_all("scores", scores, ~np.isnan(scores), "be numbers")
    check_all("baseline", baseline, baseline > 0, "be positive")
    gain = _sign(higher_is_better, n_metrics) * (scores - baseline) / baseline
    if task is None:
        return gain.mean(axis=-1)
    if len(task) != n_metrics:
        raise ValueError(must("task", f"have one entry per metric, {n_metrics}", len(task)))
    groups = {name: [i for i, t in enumerate(task) if t == name] for name in task}
    return np.mean([gain[..., columns].mean(axis=-1) for columns in groups.values()], axis=0)


class ThresholdTuner:
    """Choose one decision threshold per label on validation data.

    Predict 1 where the probability is *at least* the threshold. Tune on rows that the model was not trained
    on, and report on a third set: with few positives the tuned value is optimistic, and can be worse than
    0.5 on fresh data.

    Parameters
    ----------
    metric : "f1" | "accuracy" | "balanced_accuracy" | callable(y (n,), decision (n,)) -> float
        What to maximise. Of equally good thresholds, the one nearest to 0.5 is taken.

    Attributes
    ----------
    thresholds_ : ndarray of shape (n_labels,)

    Examples
    --------
    >>> y = np.array([[0], [0], [1], [1]])
    >>> p = np.array([[0.1], [0.2], [0.3], [0.4]])
    >>> tuner = ThresholdTuner().fit(y, p)
    >>> tuner.thresholds_, tuner.predict(p).ravel()
    (array([0.3]), array([0, 0, 1, 1]))
    """

    thresholds_: np.ndarray

    def __init__(self, metric: str | Metric = "f1") -> None:
        if not callable(metric):
            check_choice("metric", metric, _DECISION_METRICS)
        self.metric: Metric = metric if callable(metric) else _DECISION_METRICS[metric]

    def fit(self, y: ArrayLike, p: ArrayLike) -> Self:
        """Choose the thresholds.

        Parameters
        ----------
        y : array-like of 0 and 1, shape (n_samples, n_labels)
            NaN where the label is missing.
        p : array-like of shape (n_samples, n_labels)
            Probabilities.

        Raises
        ------
        ValueError
            If shapes differ, a label is not 0, 1 or NaN, a probability is outside [0, 1], or a label has no
            observed row.
        """
        y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
        check_shape("y", y, n_samples=None, n_labels=None)
        check_shape("p", p, n_samples=len(y), n_labels=y.shape[1])
        check_all("y", y, (y == 0) | (y == 1) | np.isnan(y), "be 0, 1 or NaN")
        check_all("p", p, (p >= 0) & (p <= 1), "lie in [0, 1]")
        observed = ~np.isnan(y)
        counts = observed.sum(axis=0)
        check_all("y", counts, counts > 0, "have an observed row for every label")
        columns = zip(y.T, p.T, observed.T)
        self.thresholds_ = np.array([self._best(truth[seen], prob[seen]) for truth, prob, seen in columns])
        return self

    def predict(self, p: ArrayLike) -> np.ndarray:
        """Return 1 where the probability is at least the label's threshold, shape (n_samples, n_labels).

        Raises
        ------
        RuntimeError
            If called before `fit`.
        ValueError
            If `p` does not have one column per threshold.
        """
        if not hasattr(self, "thresholds_"):
            raise RuntimeError("`fit` must be called before `predict`; got an unfitted ThresholdTuner.")
        p = np.asarray(p, dtype=float)
        check_shape("p", p, n_samples=None, n_labels=len(self.thresholds_))
        return (p >= self.thresholds_).astype(int)

    def _best(self, y: np.ndarray, p: np.ndarray) -> float:
        # Between two neighbouring scores nothing changes, so the scores themselves and 0.5 are all there is
        # to try.
        candidates = np.unique(np.append(p, 0.5))
        values = np.array([self.metric(y, (p >= t).astype(int)) for t in candidates])
        best = candidates[values >= values.max() - 1e-12]
        return float(best[np.argmin(np.abs(best - 0.5))])


def _f1(y: np.ndarray, decision: np.ndarray) -> float:
    """2 TP / (2 TP + FP + FN); 0 when there is neither a positive nor a positive decision."""
    hits = np.sum((y == 1) & (decision == 1))
    total = np.sum(y == 1) + np.sum(decision == 1)
    return float(2 * hits / total) if total else 0.0


def _accuracy(y: np.ndarray, decision: np.ndarray) -> float:
    return float(np.mean(y == decision))


def _balanced_accuracy(y: np.ndarray, decision: np.ndarray) -> float:
    """Mean recall over the classes that occur."""
    return float(np.mean([np.mean(decision[y == c] == c) for c in (0, 1) if np.any(y == c)]))


_DECISION_METRICS: dict[str, Metric] = {
    "f1": _f1,
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
}


def _scores(scores: ArrayLike) -> np.ndarray:
    scores = np.asarray(scores, dtype=float)
    check_shape("scores", scores, n_models=None, n_tasks=None)
    check_all("scores", scores, ~np.isnan(scores), "be numbers")
    return scores


def _sign(higher_is_better: ArrayLike, n_tasks: int) -> np.ndarray:
    higher_is_better = np.asarray(higher_is_better)
    check_shape("higher_is_better", higher_is_better, n_tasks=n_tasks)
    check_boolean("higher_is_better", higher_is_better)
    return np.where(higher_is_better, 1.0, -1.0)
