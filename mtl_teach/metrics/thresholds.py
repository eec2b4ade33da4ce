"""Decision thresholds, chosen label by label on validation data.

    threshold = argmax over t of metric(y, p >= t), where asked for among the t of precision(y, p >= t) >= min_precision

for the labels y and probabilities p of one label. Decisions change only where t passes a probability, so the
probabilities, and 0.5, are all there is to try; and infinity, which flags nothing, where no other keeps the promise.

Source: van Rijsbergen, "Information Retrieval", 1979, chapter 7, for the F measure.
"""

from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

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
    min_precision : float in (0, 1], optional
        A promise: only thresholds that flag something, with at least this precision on the tuning rows, may be
        chosen. Where there is none, the threshold is infinity and the label is never predicted.

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

    A promise that no threshold keeps:

    >>> ThresholdTuner("recall", min_precision=0.9).fit([[1], [0]], [[0.2], [0.7]]).thresholds_
    array([inf])
    """

    thresholds_: np.ndarray

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
        if self.min_precision is not None:
            candidates = candidates[_precision(_counts(y, p, candidates)) >= self.min_precision]
        if not len(candidates):
            return float("inf")
        if callable(self.metric):
            values = np.array([self.metric(y, (p >= t).astype(int)) for t in candidates])
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
