"""The mean relative gain over single-task baselines (Delta_m).

    Delta_m = mean over tasks of ± (score - baseline) / |baseline|

with + where higher is better; a fraction, positive = better, unless the other sign is asked for by name. Two
conventions are in print: positive = better (Maninis et al. 2019, Vandenhende et al. 2021) and negative = better (Liu
et al. 2021, Navon et al. 2022), the second under the same symbol.

A relative gain needs a score with a zero that means something. For a baseline below zero (an R² of a model worse than
the mean, a log-likelihood) the gain is relative to the baseline's *size*, so that its sign still says what got better;
how large it is then says little. A baseline of exactly zero has no relative gain and is refused.

Sources: Maninis, Radosavovic, Kokkinos, "Attentive Single-Tasking of Multiple Tasks", 2019, eq. 4. Vandenhende et al.,
"Multi-Task Learning for Dense Prediction Tasks", 2021, its evaluation criterion. Liu, Liu, Jin, Stone, Liu,
"Conflict-Averse Gradient Descent for Multi-task Learning", 2021, section 5. Navon et al., "Multi-Task Learning as a
Bargaining Game", 2022.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._tables import as_floats, check_names, names_of
from mtl_teach._validate import check_all, check_choice, check_shape, must
from mtl_teach.metrics._sign import sign_of


def delta_m(
    scores: ArrayLike,
    baseline: ArrayLike,
    higher_is_better: ArrayLike,
    task: Sequence[object] | None = None,
    better: str = "positive",
) -> np.ndarray:
    """Return the mean relative gain over a single-task baseline, positive = better.

    ``Delta_m = mean over tasks of (-1)^(lower is better) (score - baseline) / |baseline|``.

    Parameters
    ----------
    scores : array-like, Series or DataFrame of shape (..., n_metrics)
        Scores of one model, or of several in rows. Where these and the other arguments have names, they must agree.
    baseline : array-like or Series of shape (n_metrics,)
        The single-task models' scores. Not 0, because the gain is relative to them; for one below 0 see the
        module's text.
    higher_is_better : array-like of bool, shape (n_metrics,)
    task : sequence of n_metrics labels, optional
        Which task each metric belongs to. Metrics are averaged within a task first, so that a task with three
        metrics does not count three times. By default every metric is a task.
    better : {"positive", "negative"}, default "positive"
        The sign of an improvement. Say which one you report.

    Returns
    -------
    ndarray of shape (...)
        A fraction: 0.02 is 2 %.

    Raises
    ------
    ValueError
        If shapes or names do not agree, there is no metric, a baseline is 0, `better` is neither of its values, or a
        value is not finite.
    TypeError
        If `scores` or `baseline` does not hold numbers, or `higher_is_better` is not boolean.

    References
    ----------
    Maninis et al. 2019, eq. 4; as a fraction, not in percent (see the module's text).

    Examples
    --------
    Accuracy up by 10 %, error down by 20 %: both are gains.

    >>> round(float(delta_m([0.88, 4.0], baseline=[0.80, 5.0], higher_is_better=[True, False])), 3)
    0.15
    >>> round(float(delta_m([0.88, 4.0], [0.80, 5.0], [True, False], better="negative")), 3)
    -0.15
    """
    check_choice("better", better, ["positive", "negative"])
    values, base = as_floats("scores", scores), as_floats("baseline", baseline)
    check_shape("baseline", base, n_metrics=None)
    n_metrics = len(base)
    if n_metrics == 0:
        raise ValueError(must("baseline", "hold at least one metric", "none"))
    if values.ndim == 0 or values.shape[-1] != n_metrics:
        raise ValueError(must("scores", f"have shape (..., n_metrics) = (..., {n_metrics})", values.shape))
    names = names_of(scores)
    check_names("baseline", baseline, "`scores`", names)
    check_all("scores", values, np.isfinite(values), "be finite numbers")
    check_all("baseline", base, np.isfinite(base), "be finite numbers")
    check_all("baseline", base, base != 0, "not be 0, to which no gain is relative")
    sign = sign_of(higher_is_better, n_metrics, names) * (1.0 if better == "positive" else -1.0)
    gain = sign * (values - base) / np.abs(base)
    if task is None:
        return gain.mean(axis=-1)
    if len(task) != n_metrics:
        raise ValueError(must("task", f"have one entry per metric, {n_metrics}", len(task)))
    groups: dict[object, list[int]] = {}
    for metric, name in enumerate(task):
        groups.setdefault(name, []).append(metric)
    return np.mean([gain[..., columns].mean(axis=-1) for columns in groups.values()], axis=0)
