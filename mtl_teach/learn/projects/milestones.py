"""Milestones of a project: is a stage's output usable? Not: is it the only right one?

Every check looks at what a learner's stage left behind and answers with a `Finding`: not done yet, not usable, or
usable, with a sentence that says why. No check raises, whatever it is given: an unsolved stage is a normal state of a
project. A `Board` prints the findings as they come and sums them up at the end.

What the checks call *results* is a mapping from the name of a configuration to an array (n_seeds, n_tasks).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from mtl_teach.learn.lesson import place
from mtl_teach.pareto import is_non_dominated

LOG_FIELDS = ("configuration", "weights", "reason", "decision")


class Usability(Enum):
    """How far a stage is."""

    NOT_DONE = "not done yet"
    NOT_USABLE = "not usable"
    USABLE = "usable"


_MARKS = {Usability.NOT_DONE: "[  ]", Usability.NOT_USABLE: "[!!]", Usability.USABLE: "[ok]"}


@dataclass(frozen=True)
class Finding:
    """How usable a check found a stage, and a sentence that says why. True in an ``if`` where it is usable."""

    usability: Usability
    message: str

    def __bool__(self) -> bool:
        return self.usability is Usability.USABLE

    def __str__(self) -> str:
        return f"{self.usability.value}. {self.message}"


@dataclass
class Board:
    """The findings of one project, in the order of its stages.

    Examples
    --------
    >>> board = Board()
    >>> board.show("Predictions", usable_predictions(None, (8, 2)))
    [  ] Predictions: not done yet. Nothing is there.
    >>> board.show("Predictions", usable_predictions(np.arange(16.0).reshape(8, 2), (8, 2)))
    [ok] Predictions: usable. 8 finite rows that differ from each other, one column a task.
    >>> board.summary()
    1 of 1 milestones usable.
    """

    findings: dict[str, Finding] = field(default_factory=dict)

    def show(self, title: str, finding: Finding) -> None:
        """Print a finding and keep it; the same title again replaces the old one.

        In a workspace a milestone that is usable is kept as progress, too.
        """
        self.findings[title] = finding
        print(f"{_MARKS[finding.usability]} {title}: {finding}")
        if finding:
            place.reached(title)

    def summary(self) -> None:
        """Print how many milestones are usable, and name the others."""
        rest = [f"{title} ({finding.usability.value})" for title, finding in self.findings.items() if not finding]
        done = len(self.findings) - len(rest)
        print(f"{done} of {len(self.findings)} milestones usable." + (f" Left: {'; '.join(rest)}." if rest else ""))


def usable_predictions(predicted: Any, shape: tuple[int, ...], *, probabilities: bool = False) -> Finding:
    """Look at predictions: the right shape, finite, not the same for every row, and in [0, 1] if asked.

    Parameters
    ----------
    predicted : array-like of shape `shape`, or None while the stage is unsolved
    shape : tuple of int
        (n_samples, n_tasks), or (n_samples,) for a single quantity.
    probabilities : bool
    """
    if _unsolved(predicted):
        return _not_done()
    values = _numbers(predicted)
    if values is None:
        return _not_usable(f"Predictions must be numbers of shape {shape}; got {type(predicted).__name__}.")
    if values.shape != shape:
        return _not_usable(f"Predictions must have shape {shape}; got {values.shape}.")
    if not np.isfinite(values).all():
        return _not_usable(f"{(~np.isfinite(values)).sum()} of {values.size} predictions are NaN or infinite.")
    if probabilities and (values.min() < 0 or values.max() > 1):
        return _not_usable(f"Probabilities must lie in [0, 1]; got {values.min():.3g} to {values.max():.3g}. Logits?")
    if (np.ptp(values, axis=0) == 0).any():
        return _not_usable("A column is the same for every row: the features did not reach it.")
    return _usable(f"{len(values)} finite rows that differ from each other, one column a task.")


def better_than_mean(
    predicted: Any, y: np.ndarray, fitted_on: Any, judged_on: Any, task_names: Sequence[str]
) -> Finding:
    """Compare each task's squared error with that of predicting the training mean; a fixed baseline, not a high one.

    For labels 0 and 1 that is the Brier score against the base rate.

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
    truth, values = y[judged_on], np.asarray(predicted, dtype=float)[judged_on]
    mean = np.nanmean(y[fitted_on], axis=0)
    ratio = np.nanmean((truth - values) ** 2, axis=0) / np.nanmean((truth - mean) ** 2, axis=0)
    ratios = ", ".join(f"{name} {share:.2f}" for name, share in zip(task_names, ratio))
    worse = [name for name, share in zip(task_names, ratio) if not share < 1]
    if worse:
        return _not_usable(f"No better than the training mean: {', '.join(worse)}. Error over the mean's: {ratios}.")
    return _usable(f"Every task beats the training mean. Error over the mean's: {ratios}.")


def configurations(
    results: Any, n_tasks: int, *, least: int = 5, names: Iterable[str] = (), distinct: bool = True
) -> Finding:
    """Look at results over several configurations: enough of them, repeated over seeds, finite, really different.

    Parameters
    ----------
    results : mapping from configuration to array-like of shape (n_seeds, n_tasks), or None
    n_tasks : int
        Columns.
    least : int
        Fewest configurations.
    names : iterable of str
        Configurations that must be among them.
    distinct : bool
        Refuse two configurations with the same numbers to the last digit: the weights did not reach the loss.
    """
    if _unsolved(results):
        return _not_done()
    if not isinstance(results, Mapping):
        return _not_usable(f"Results must be a dictionary from configuration to numbers; got {type(results).__name__}.")
    done = {name: _numbers(rows) for name, rows in results.items() if not _unsolved(rows)}
    missing = [name for name in names if name not in done]
    if missing or len(done) < least:
        wanted = f", without {', '.join(missing)}" if missing else ""
        return Finding(Usability.NOT_DONE, f"{len(done)} of at least {least} configurations are there{wanted}.")
    for name, rows in done.items():
        fault = _fault(rows, n_tasks)
        if fault:
            return _not_usable(f"{name}: {fault}")
    twins = _twins(done) if distinct else ()
    if twins:
        return _not_usable(f"{' and '.join(twins)} agree to the last digit: did the weights reach the loss?")
    return _usable(f"{len(done)} configurations, {min(len(np.asarray(r)) for r in done.values())} seeds or more each.")


def intervals_present(table: Any, names: Iterable[str], n_tasks: int) -> Finding:
    """Look at a per-task table: for every configuration a mean and an interval that is not of width zero.

    Parameters
    ----------
    table : mapping from configuration to `mtl_teach.metrics.Interval`, or None
    names : iterable of str
        Configurations that must be in the table.
    n_tasks : int
    """
    if _unsolved(table):
        return _not_done()
    if not isinstance(table, Mapping):
        return _not_usable(
            f"The table must be a dictionary from configuration to Interval; got {type(table).__name__}."
        )
    missing = [name for name in names if _unsolved(table.get(name))]
    if missing:
        return Finding(Usability.NOT_DONE, f"Without a row yet: {', '.join(missing)}.")
    for name, row in table.items():
        mean, half = (_numbers(getattr(row, part, None)) for part in ("mean", "half_width"))
        if mean is None or half is None:
            return _not_usable(f"{name} has no interval: a mean alone does not say how sure it is.")
        if mean.shape != (n_tasks,) or half.shape != (n_tasks,):
            return _not_usable(f"{name} must have one mean and one interval a task, {n_tasks}; got {mean.shape}.")
        # Equal seeds leave a width of rounding errors, not of exactly zero.
        if not (np.isfinite(mean) & np.isfinite(half) & (half > 1e-12 * np.abs(mean))).all():
            return _not_usable(f"{name} has an interval that is not a positive number: are the seeds different?")
    return _usable(f"{len(table)} rows with a 95 % interval for each task.")


def weight_log_filled(log: Any, least: int = 5) -> Finding:
    """Look at the weight log: one line a configuration, each with its weights, a reason of its own and a decision.

    Parameters
    ----------
    log : list of mappings with the keys of `LOG_FIELDS`, or None
    least : int
        Fewest lines.
    """
    if _unsolved(log) or not isinstance(log, Sequence) or isinstance(log, str):
        return _not_done()
    lines = [line for line in log if isinstance(line, Mapping) and not all(_unsolved(v) for v in line.values())]
    if len(lines) < least:
        return Finding(Usability.NOT_DONE, f"{len(lines)} of at least {least} lines are there.")
    for number, line in enumerate(lines, start=1):
        empty = [name for name in LOG_FIELDS if _unsolved(line.get(name))]
        if empty:
            return _not_usable(f"Line {number} lacks: {', '.join(empty)}.")
        if _words(line["reason"]) < 4:
            return _not_usable(f"Line {number}: {line['reason']!r} is too short to be questioned by somebody else.")
    if len({str(line["reason"]).strip().lower() for line in lines}) < len(lines):
        return _not_usable("Two lines give the same reason. What did you want to learn from each?")
    return _usable(f"{len(lines)} lines, each with weights, a reason and a decision.")


def audit_filled(boxes: Any) -> Finding:
    """Look at the mini-audit: every box says in a few words where the evidence stands.

    Parameters
    ----------
    boxes : mapping from question to answer, or None
    """
    if _unsolved(boxes) or not isinstance(boxes, Mapping) or all(_unsolved(text) for text in boxes.values()):
        return _not_done()
    thin = [question for question, text in boxes.items() if _words(text) < 4]
    if thin:
        return _not_usable(f"Say where the evidence stands, in four words or more: {'; '.join(thin)}.")
    return _usable(f"{len(boxes)} boxes answered.")


def efficient_choice(results: Any, chosen: Any, maximise: Sequence[bool]) -> Finding:
    """Look at a choice: one of the configurations, and no other is at least as good everywhere and better somewhere.

    Parameters
    ----------
    results : mapping from configuration to array-like of shape (n_seeds, n_objectives) or (n_objectives,), or None
        Seeds are averaged.
    chosen : str or None
    maximise : sequence of bool, one per objective
        Which objectives should be large.
    """
    if _unsolved(results) or not isinstance(results, Mapping) or _unsolved(chosen):
        return _not_done()
    if not isinstance(chosen, str) or chosen not in results:
        return _not_usable(f"The choice must be one of {', '.join(map(str, results))}; got {chosen!r}.")
    means = [_objectives(rows, len(maximise)) for rows in results.values()]
    if any(point is None for point in means):
        return _not_usable(f"Every configuration needs {len(maximise)} finite objectives.")
    points = np.where(maximise, -1.0, 1.0) * np.array(means)
    efficient = dict(zip(results, is_non_dominated(points)))
    front = ", ".join(name for name, keeps in efficient.items() if keeps)
    if not efficient[chosen]:
        return _not_usable(f"{chosen} is dominated: another is at least as good everywhere. Efficient: {front}.")
    return _usable(f"{chosen} is efficient. Efficient: {front}.")


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
        Largest relative error of the total that passes.
    """
    readable = usable_predictions(predicted, realised.shape)
    if not readable:
        return readable
    ratio = float(np.asarray(predicted, dtype=float)[judged_on].sum() / realised[judged_on].sum())
    if abs(ratio - 1) > tolerance:
        return _not_usable(f"Predicted over realised is {ratio:.2f}; at most {tolerance:.0%} off is wanted.")
    return _usable(f"Predicted over realised is {ratio:.2f}.")


def precision_kept(
    thresholds: Any, probabilities: Any, y: np.ndarray, judged_on: Any, target: float, task_names: Sequence[str]
) -> Finding:
    """Look at one threshold per label: among rows with at least that probability, enough are really positive.

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
    if _unsolved(thresholds):
        return _not_done()
    readable = usable_predictions(probabilities, y.shape, probabilities=True)
    if not readable:
        return readable
    limits = _numbers(thresholds)
    if limits is None or limits.shape != (y.shape[1],) or np.isnan(limits).any():
        return _not_usable(f"Thresholds must be {y.shape[1]} numbers, one a label; infinity means never.")
    decided = np.asarray(probabilities, dtype=float)[judged_on] >= limits
    count, hits = decided.sum(axis=0), (decided * y[judged_on]).sum(axis=0)
    silent = [name for name, n, limit in zip(task_names, count, limits) if n == 0 and np.isfinite(limit)]
    if silent:
        return _not_usable(
            f"No row reaches the threshold of {', '.join(silent)}: lower it, or set infinity on purpose."
        )
    if not count.any():
        return _not_usable("No label is ever predicted: that keeps any precision and helps nobody.")
    short = [f"{name} {h / n:.2f}" for name, n, h in zip(task_names, count, hits) if n and h / n < target]
    if short:
        return _not_usable(f"Below the target of {target:.2f}: {', '.join(short)}.")
    never = [name for name, n in zip(task_names, count) if n == 0]
    return _usable(f"Every label keeps {target:.2f}." + (f" Never predicted: {', '.join(never)}." if never else ""))


def _unsolved(value: Any) -> bool:
    """None, ``...``, an empty text or an empty collection: what a scaffold leaves for the learner."""
    if value is None or value is ...:
        return True
    if isinstance(value, str):
        return value.strip() in ("", "...")
    return isinstance(value, list | tuple | dict | set) and len(value) == 0


def _numbers(value: Any) -> np.ndarray | None:
    """The value as floats, or None if it is not made of numbers (tensors and nested lists are)."""
    if value is None:  # NumPy would make NaN of it
        return None
    try:
        return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value, dtype=float)
    except (TypeError, ValueError):
        return None


def _fault(rows: np.ndarray | None, n_tasks: int) -> str:
    """What is wrong with one configuration's results; empty if nothing is."""
    if rows is None or rows.ndim != 2 or rows.shape[1] != n_tasks:
        got = "no numbers" if rows is None else rows.shape
        return f"expected shape (n_seeds, {n_tasks}); got {got}."
    if len(rows) < 2:
        return "one seed says nothing about the spread; use at least 2."
    if not np.isfinite(rows).all():
        return "a value is NaN or infinite. Did the training diverge?"
    return ""


def _twins(results: Mapping[str, Any]) -> tuple[str, ...]:
    """The first two configurations with the same numbers."""
    seen: dict[bytes, str] = {}
    for name, rows in results.items():
        earlier = seen.setdefault(np.asarray(rows).tobytes(), name)
        if earlier != name:
            return earlier, name
    return ()


def _objectives(rows: Any, n_objectives: int) -> np.ndarray | None:
    """One point per configuration: the mean over seeds, if there are seeds."""
    values = _numbers(rows)
    if values is None or values.size == 0:
        return None
    point = values.mean(axis=0) if values.ndim == 2 else values
    return point if point.shape == (n_objectives,) and np.isfinite(point).all() else None


def _words(text: Any) -> int:
    return len(str(text).split()) if not _unsolved(text) else 0


def _finder(usability: Usability) -> Callable[[str], Finding]:
    return lambda message: Finding(usability, message)


_usable, _not_usable = _finder(Usability.USABLE), _finder(Usability.NOT_USABLE)


def _not_done() -> Finding:
    return Finding(Usability.NOT_DONE, "Nothing is there.")
