"""Decision thresholds, chosen label by label on validation data.

    threshold = argmax over t of metric(y, p >= t), where asked for among the t of precision(y, p >= t) >= min_precision

for the labels y and probabilities p of one label. Decisions change only where t passes a probability, so the
probabilities, 0.5, and infinity, which flags nothing, are all there is to try.

Source: van Rijsbergen, "Information Retrieval", 1979, chapter 7, for the F measure.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._tables import as_floats, check_names, check_table, names_of
from mtl_teach._validate import check_all, check_choice, check_shape
from mtl_teach.metrics.per_task import Metric


class ThresholdTuner:
    """Choose one decision threshold per label on validation data.

    Predict 1 where the probability is *at least* the threshold. Tune on rows that the model was not trained
    on, and report on a third set: with few positives the tuned value is optimistic, and can be worse than
    0.5 on fresh data.

    Parameters
    ----------
    metric : "f1" | "accuracy" | "balanced_accuracy" | "recall" | callable(y (n,), decision (n,)) -> float
        What to maximise. Of equally good thresholds, the one nearest to 0.5 is taken; with a promise the highest.
        Infinity is chosen where flagging nothing is better than every decision that flags something.
    min_precision : float in (0, 1], optional
        A promise: only thresholds that flag something, with at least this precision on the tuning rows, may be
        chosen. Where there is none, the threshold is infinity and the label is never predicted.

    Attributes
    ----------
    thresholds_ : ndarray of shape (n_labels,)
    label_names_ : list or None
        The columns of the DataFrame of probabilities, or of labels, that was fitted; None for what has no names.

    Examples
    --------
    >>> y = np.array([[0], [0], [1], [1]])
    >>> p = np.array([[0.1], [0.2], [0.3], [0.4]])
    >>> tuner = ThresholdTuner().fit(y, p)
    >>> tuner.thresholds_, tuner.predict(p).ravel()
    (array([0.3]), array([0, 0, 1, 1]))

    A promise that no threshold keeps:

    >>> ThresholdTuner("recall", min_precision=0.9).fit([[1], [0]], [[0.2], [0.7]]).thresholds_
    array([inf])
    """

    thresholds_: np.ndarray
    label_names_: list[Any] | None

    def __init__(self, metric: str | Metric = "f1", min_precision: float | None = None) -> None:
        if not callable(metric):
            check_choice("metric", metric, _DECISION_METRICS)
        if min_precision is not None:
            check_all("min_precision", min_precision, 0 < min_precision <= 1, "lie in (0, 1]")
        self.min_precision = min_precision
        self.metric = metric

    def fit(self, y: ArrayLike, p: ArrayLike) -> Self:
        """Choose the thresholds.

        Parameters
        ----------
        y : array-like or DataFrame of 0 and 1, shape (n_samples, n_labels)
            NaN where the label is missing.
        p : array-like or DataFrame of shape (n_samples, n_labels)
            Probabilities. Of two DataFrames names must agree, those of the columns and those of the rows.

        Raises
        ------
        ValueError
            If shapes or names differ, a label is not 0, 1 or NaN, the probability of an observed label is outside
            [0, 1], a label has no observed row, or a callable `metric` gives NaN.
        TypeError
            If `y` or `p` does not hold numbers, or a callable `metric` does not return one.
        """
        labels, chances = as_floats("y", y), as_floats("p", p)
        check_shape("y", labels, n_samples=None, n_labels=None)
        check_table("p", p, chances, "`y`", y, n_samples=len(labels), n_labels=labels.shape[1])
        observed = ~np.isnan(labels)
        check_all("y", labels, (labels == 0) | (labels == 1) | ~observed, "be 0, 1 or NaN")
        check_all("p", chances, (chances >= 0) & (chances <= 1) | ~observed, "lie in [0, 1]")
        counts = observed.sum(axis=0)
        check_all("y", counts, counts > 0, "have an observed row for every label")
        columns = zip(labels.T, chances.T, observed.T)
        self.thresholds_ = np.array([self._best(truth[seen], chance[seen]) for truth, chance, seen in columns])
        self.label_names_ = names_of(p) or names_of(y)
        return self

    def predict(self, p: ArrayLike) -> np.ndarray:
        """Return 1 where the probability is at least the label's threshold, shape (n_samples, n_labels).

        Raises
        ------
        RuntimeError
            If called before `fit`.
        ValueError
            If `p` does not have one column per threshold, has other names than in `fit`, or holds what is no
            probability.
        TypeError
            If `p` does not hold numbers.
        """
        if not hasattr(self, "thresholds_"):
            raise RuntimeError("`fit` must be called before `predict`; got an unfitted ThresholdTuner.")
        chances = as_floats("p", p)
        if chances.ndim == 2:
            check_names("p", p, "the fitted labels", self.label_names_)
        check_shape("p", chances, n_samples=None, n_labels=len(self.thresholds_))
        check_all("p", chances, (chances >= 0) & (chances <= 1), "lie in [0, 1]")
        return (chances >= self.thresholds_).astype(int)

    def _best(self, y: np.ndarray, p: np.ndarray) -> float:
        candidates = np.unique(np.append(p, [0.5, np.inf]))
        if self.min_precision is not None:
            # A promise of 1 - 0.7 is kept by 3 of 10, although it is computed as 0.30000000000000004.
            kept = _precision(_counts(y, p, candidates)) >= self.min_precision - 1e-12
            candidates = candidates[kept]
        if not len(candidates):
            return float("inf")
        if callable(self.metric):
            values = as_floats("metric", [self.metric(y, (p >= t).astype(int)) for t in candidates])
            check_all("metric", values, ~np.isnan(values), "return a number for every threshold")
        else:
            values = _DECISION_METRICS[self.metric](_counts(y, p, candidates))
        best = candidates[values >= values.max() - 1e-12]
        return float(best[-1] if self.min_precision is not None else best[np.argmin(np.abs(best - 0.5))])


class _Counts(NamedTuple):
    """How the rows of one label fall at each of many thresholds.

    Attributes
    ----------
    hits : ndarray of shape (n_thresholds,)
        Positives with at least this probability.
    flagged : ndarray of shape (n_thresholds,)
        Rows with at least this probability.
    positives, rows : int
        All there are.
    """

    hits: np.ndarray
    flagged: np.ndarray
    positives: int
    rows: int


def _counts(y: np.ndarray, p: np.ndarray, thresholds: np.ndarray) -> _Counts:
    """From sorted probabilities: deciding anew at each threshold would take rows times thresholds steps."""
    everything, of_positives = np.sort(p), np.sort(p[y == 1])
    return _Counts(
        len(of_positives) - np.searchsorted(of_positives, thresholds),
        len(everything) - np.searchsorted(everything, thresholds),
        len(of_positives),
        len(everything),
    )


def _f1(at: _Counts) -> np.ndarray:
    """2 TP / (2 TP + FP + FN); 0 when there is neither a positive nor a positive decision."""
    return _ratio(2 * at.hits, at.positives + at.flagged)


def _accuracy(at: _Counts) -> np.ndarray:
    """(TP + TN) / all rows."""
    return (at.hits + _correct_rejections(at)) / at.rows


def _balanced_accuracy(at: _Counts) -> np.ndarray:
    """Mean recall over the classes that occur."""
    if at.positives == 0:
        return _correct_rejections(at) / at.rows
    if at.positives == at.rows:
        return _recall(at)
    return (_recall(at) + _correct_rejections(at) / (at.rows - at.positives)) / 2


def _recall(at: _Counts) -> np.ndarray:
    """TP / (TP + FN); 0 where there is no positive."""
    return at.hits / max(at.positives, 1)


def _precision(at: _Counts) -> np.ndarray:
    """TP / (TP + FP); 0 where nothing is flagged, which keeps no promise."""
    return _ratio(at.hits, at.flagged)


def _correct_rejections(at: _Counts) -> np.ndarray:
    """TN: negatives below the threshold."""
    return (at.rows - at.flagged) - (at.positives - at.hits)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part of whole; 0 of nothing."""
    return part / np.maximum(whole, 1)


_DECISION_METRICS: dict[str, Callable[[_Counts], np.ndarray]] = {
    "f1": _f1,
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "recall": _recall,
}
