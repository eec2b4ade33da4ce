"""Milestones of comparisons: results over configurations and seeds, baselines, gains, and a choice among them.

What the checks call *results* is a mapping from the name of a configuration to an array (n_seeds, n_tasks). A choice is
refused only where it is worse *beyond noise*: where the 95 % interval of the differences, paired by seed, excludes 0.
"""

import reprlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

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
from mtl_teach.learn.projects.predictions import usable_predictions
from mtl_teach.metrics import delta_m, mean_interval, per_task_metrics
from mtl_teach.pareto import is_non_dominated


@never_raises
def configurations(
    results: Any,
    n_tasks: int,
    *,
    least: int = 5,
    names: Iterable[str] = (),
    may_agree: Collection[str] = (),
    at_most: float = np.inf,
) -> Finding:
    """Look at results over several configurations: enough of them, repeated over seeds, finite, really different.

    Parameters
    ----------
    results : mapping from configuration to array-like of shape (n_seeds, n_tasks), or None
        The same seeds in the same order everywhere, so that configurations can be compared in pairs.
    n_tasks : int
        Columns.
    least : int
        Fewest configurations.
    names : iterable of str
        Configurations that must be among them.
    may_agree : collection of str
        Configurations that are the same on purpose. Others with the same numbers are refused: the weights did not
        reach the loss, or the treatment not the labels.
    at_most : float
        The highest value that the metric has, such as 1 for R²; percent are higher.
    """
    if unsolved(results):
        return not_done()
    fault = _not_named(results, "Results")
    if fault:
        return not_usable(fault)
    done = {name: numbers(rows) for name, rows in results.items() if not unsolved(rows)}
    missing = [name for name in [*names, *results] if name not in done]
    if missing or len(done) < least:
        wanted = f", without {', '.join(map(str, dict.fromkeys(missing)))}" if missing else ""
        return not_done(f"{len(done)} of at least {least} configurations are there{wanted}.")
    for name, rows in done.items():
        fault = _fault(rows, n_tasks, at_most)
        if fault:
            return not_usable(f"{name}: {fault}")
    seeds = {name: len(rows) for name, rows in done.items()}
    if len(set(seeds.values())) > 1:
        counts = ", ".join(f"{name} has {n}" for name, n in seeds.items())
        return not_usable(f"Every configuration needs the same seeds, to be compared in pairs: {counts}.")
    twins = _twins(done, may_agree)
    if twins:
        return not_usable(
            f"{' and '.join(twins)} have the same numbers: did the difference between them reach the model?"
        )
    return usable(f"{len(done)} configurations, {min(seeds.values())} seeds each.")


@never_raises
def intervals_present(table: Any, names: Iterable[str], n_tasks: int) -> Finding:
    """Look at a per-task table: for every configuration a mean and an interval that is not of width zero.

    Parameters
    ----------
    table : mapping from configuration to `mtl_teach.metrics.Interval`, or None
    names : iterable of str
        Configurations that must be in the table.
    n_tasks : int
    """
    if unsolved(table):
        return not_done()
    fault = _not_named(table, "The table")
    if fault:
        return not_usable(fault)
    missing = [name for name in names if unsolved(table.get(name))]
    if missing:
        return not_done(f"Without a row yet: {', '.join(map(str, missing))}.")
    for name, row in table.items():
        mean, half = (numbers(getattr(row, part, None)) for part in ("mean", "half_width"))
        if isinstance(mean, str) or isinstance(half, str):
            return not_usable(f"{name} has no interval: a mean alone does not say how sure it is.")
        if mean.shape != (n_tasks,) or half.shape != (n_tasks,):
            return not_usable(f"{name} must have one mean and one interval per task, {n_tasks}; got {mean.shape}.")
        # Equal seeds leave a width of rounding errors, not of exactly zero.
        if not (np.isfinite(mean) & np.isfinite(half) & (half > 1e-12 * np.abs(mean))).all():
            return not_usable(f"{name} has an interval that is not a positive number: are the seeds different?")
    return usable(f"{len(table)} rows with a 95 % interval for each task.")


@never_raises
def single_task_baselines(single: Any, n_tasks: int, shared: Any = None, *, at_most: float = np.inf) -> Finding:
    """Look at the scores of one model per task: a row per seed, a column per task, and not those of a shared model.

    Parameters
    ----------
    single : array-like of shape (n_seeds, n_tasks), or None
        Column t holds the scores of the model that was trained on task t alone.
    n_tasks : int
    shared : mapping from configuration to array-like of shape (n_seeds, n_tasks), or None
        Results of shared models, where they are there.
    at_most : float
        The highest value that the metric has.
    """
    if unsolved(single):
        return not_done()
    rows = numbers(single)
    fault = _fault(rows, n_tasks, at_most)
    if fault:
        return not_usable(f"The baselines: {fault}")
    for name, others in shared.items() if isinstance(shared, Mapping) else ():
        if not unsolved(others) and same(numbers(others), rows):
            return not_usable(f"These are the numbers of {name}. A baseline model is trained on its task alone.")
    return usable(f"{len(rows)} seeds, one model per task.")


@never_raises
def gains_over_single(gains: Any, results: Any, single: Any, higher_is_better: Sequence[bool]) -> Finding:
    """Look at Δm, the mean relative gain over the single-task baselines, of every configuration and seed.

    Parameters
    ----------
    gains : mapping from configuration to array-like of shape (n_seeds,), or None
        Fractions, positive = better; each seed against the baseline of the same seed.
    results : mapping from configuration to array-like of shape (n_seeds, n_tasks)
    single : array-like of shape (n_seeds, n_tasks)
    higher_is_better : sequence of n_tasks bool
    """
    if unsolved(gains):
        return not_done()
    fault = _not_named(gains, "The gains")
    if fault:
        return not_usable(fault)
    n_tasks = len(higher_is_better)
    if not single_task_baselines(single, n_tasks, results) or not configurations(
        results, n_tasks, least=1, may_agree=results
    ):
        return not_done("The gains wait for their results and baselines.")
    missing = [name for name in results if unsolved(gains.get(name))]
    if missing:
        return not_done(f"Without a gain yet: {', '.join(missing)}.")
    baselines = floats(single)
    clear: list[str] = []
    unclear: list[str] = []
    for name, rows in results.items():
        scores = floats(rows)
        if len(scores) != len(baselines):
            return not_usable(f"{name} has {len(scores)} seeds, the baselines have {len(baselines)}: use the same.")
        wanted = np.array([delta_m(s, b, list(higher_is_better)) for s, b in zip(scores, baselines)])
        fault = _gain_fault(numbers(gains[name]), wanted)
        if fault:
            return not_usable(f"{name}: {fault}")
        interval = mean_interval(wanted)
        (clear if excludes_zero(interval) else unclear).append(f"{name} {interval:+.1%}")
    said = [f"beyond noise: {', '.join(clear)}"] * bool(clear) + [f"within noise of 0: {', '.join(unclear)}"] * bool(
        unclear
    )
    return usable(f"Δm {'; '.join(said)}.")


@never_raises
def efficient_choice(results: Any, chosen: Any, maximise: Sequence[bool]) -> Finding:
    """Look at a choice: one of the configurations, and no other dominates it beyond noise.

    Another configuration dominates the choice if its means are at least as good everywhere, and beyond noise if it is
    also better in one objective by a paired difference whose interval excludes 0.

    Parameters
    ----------
    results : mapping from configuration to array-like of shape (n_seeds, n_objectives), or None
        The same seeds in the same order everywhere.
    chosen : str or None
    maximise : sequence of bool, one per objective
        Which objectives should be large.
    """
    if unsolved(results) or unsolved(chosen):
        return not_done()
    fault = _not_named(results, "Results")
    if fault:
        return not_usable(fault)
    fault = _not_among(results, chosen)
    if fault:
        return not_usable(fault)
    rows = {name: numbers(values) for name, values in results.items()}
    for name, values in rows.items():
        fault = _fault(values, len(maximise))
        if fault:
            return not_usable(f"{name}: {fault}")
    if len({len(values) for values in rows.values()}) > 1:
        return not_usable("Every configuration needs the same seeds, to be compared in pairs.")
    good = {name: np.where(maximise, 1.0, -1.0) * values for name, values in rows.items()}
    efficient = is_non_dominated(-np.array([values.mean(axis=0) for values in good.values()]))
    front = ", ".join(name for name, keeps in zip(good, efficient) if keeps)
    lead = {name: mean_interval(values - good[chosen]) for name, values in good.items() if name != chosen}
    ahead = {name: more for name, more in lead.items() if (more.mean >= 0).all() and (more.mean > 0).any()}
    for name, more in ahead.items():
        if (more.low > 0).any():
            return not_usable(
                f"{chosen} is dominated by {name} beyond noise: paired by seed, it is better by {more:+.3f}. "
                f"Efficient: {front}."
            )
    if ahead:
        return usable(
            f"{', '.join(ahead)}: better on the means, but within noise of {chosen}, so the choice can stand. "
            f"Efficient on the means: {front}."
        )
    return usable(f"{chosen} is efficient. Efficient: {front}.")


@never_raises
def chosen_on_validation(
    results: Any,
    chosen: Any,
    final: Any,
    y: np.ndarray,
    rows: Mapping[str, Any],
    metric: Callable[[np.ndarray, np.ndarray], float],
) -> Finding:
    """Find out on which rows the numbers behind a choice were measured, and whether the final predictions are its own.

    Parameters
    ----------
    results : mapping from configuration to array-like of shape (n_seeds, n_tasks), or None
        What the choice was made from.
    chosen : str or None
        A configuration.
    final : array-like of shape (n_samples, n_tasks), or None
        Its predictions; told only if they belong to one of the seeds.
    y : ndarray of shape (n_samples, n_tasks)
        Labels; NaN where missing.
    rows : mapping from name to slice or mask
        ``"validation"``, on which the choice has to rest, and the others.
    metric : callable(y_true (n,), y_pred (n,)) -> float
        What `results` holds.
    """
    if unsolved(results) or unsolved(chosen) or unsolved(final) or not usable_predictions(final, y.shape):
        return not_done("This waits for a choice and its predictions.")
    fault = _not_named(results, "Results") or _not_among(results, chosen)
    if fault:
        return not_usable(fault)
    if unsolved(results[chosen]):
        return not_done(f"{chosen} has no numbers yet.")
    scores = {name: numbers(of_name) for name, of_name in results.items()}
    fault = _fault(scores[chosen], y.shape[1])
    if fault:
        return not_usable(f"The numbers behind the choice: {fault}")
    values = floats(final)
    measured = {
        name: per_task_metrics(y[part], values[part], {"score": metric})["score"] for name, part in rows.items()
    }
    for name, of_final in measured.items():
        if name != "validation" and any(same(of_final, row, 1e-6) for row in floats(scores[chosen])):
            return not_usable(
                f"The numbers behind the choice are those of the {name} rows: choose on the validation rows."
            )
    if any(same(measured["validation"], row, 1e-6) for row in floats(scores[chosen])):
        return usable("The numbers behind the choice are those of the validation rows.")
    for name, of_name in scores.items():
        if not _fault(of_name, y.shape[1]) and any(same(measured["validation"], row, 1e-6) for row in floats(of_name)):
            return not_usable(f"The final predictions are those of {name}; {chosen} was chosen.")
    return usable(
        "The final predictions belong to no single seed of the choice, nor the numbers behind it to the other rows."
    )


def stacked(results: Mapping[str, Any], names: Iterable[str] | None = None) -> np.ndarray:
    """Return usable results as one array (n_seeds, n_configurations, n_tasks), for a figure.

    Examples
    --------
    >>> stacked({"w=0": np.zeros((3, 2)), "w=1": np.ones((3, 2))}).shape
    (3, 2, 2)
    """
    return np.stack([floats(results[name]) for name in (names or results)], axis=1)


def _not_named(results: Any, what: str) -> str:
    """What is wrong with a mapping from configurations' names; empty if nothing is."""
    if not isinstance(results, Mapping):
        return f"{what} must be a dictionary with one entry per configuration; got {type(results).__name__}."
    odd = [name for name in results if not isinstance(name, str)]
    return f'{what} must be named by texts such as "w=0.5"; got {reprlib.repr(odd[0])}.' if odd else ""


def _not_among(results: Mapping[str, Any], chosen: Any) -> str:
    """What is wrong with a choice; empty if it is one of the results."""
    if isinstance(chosen, str) and chosen in results:
        return ""
    return f"The choice must be one of {', '.join(results)}; got {reprlib.repr(chosen)}."


def _fault(rows: np.ndarray | str, n_tasks: int, at_most: float = np.inf) -> str:
    """What is wrong with one configuration's results; empty if nothing is."""
    if isinstance(rows, str) or rows.ndim != 2 or rows.shape[1] != n_tasks:
        return f"expected numbers of shape (n_seeds, {n_tasks}); got {rows if isinstance(rows, str) else rows.shape}."
    if len(rows) < 2:
        return "one seed says nothing about the spread; use at least 2."
    if not np.isfinite(rows).all():
        return "a value is NaN or infinite. Did the training diverge?"
    if rows.max() > at_most:
        return f"the metric is at most {at_most:g}; got {rows.max():.3g}. Are these percent?"
    return ""


def _twins(results: Mapping[str, np.ndarray | str], may_agree: Collection[str]) -> list[str]:
    """The first configurations with the same numbers that should differ."""
    for rows in results.values():
        alike = [name for name, others in results.items() if same(rows, others)]
        if len(alike) > 1 and not all(name in may_agree for name in alike):
            return alike
    return []


def _gain_fault(gain: np.ndarray | str, wanted: np.ndarray) -> str:
    """What is wrong with one configuration's gains; empty if nothing is."""
    if isinstance(gain, str) or gain.shape != wanted.shape:
        return f"expected one gain per seed, shape {wanted.shape}; got {gain if isinstance(gain, str) else gain.shape}."
    if same(gain, wanted, 1e-4):
        return ""
    if same(gain, -wanted, 1e-4):
        return "the sign is the other one. Which scores are better when they are high?"
    if same(gain, 100 * wanted, 1e-2):
        return "these are percent; give fractions."
    return f"at the first seed Δm over the single models is {wanted[0]:+.3f}; got {gain[0]:+.3f}."
