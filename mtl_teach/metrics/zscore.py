"""A league table of models, and its trap: it depends on who takes part.

    mean over tasks of ± (score - mean over models) / sd over models

with + where higher is better. Adding a third model moves mean and sd, and can swap the first two.
"""

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._tables import as_floats, check_names, names_of
from mtl_teach._validate import all_equal, check_all, check_shape, must
from mtl_teach.metrics._sign import sign_of


def zscore_aggregate(scores: ArrayLike, higher_is_better: ArrayLike, reference: ArrayLike | None = None) -> np.ndarray:
    """Average each model's z-scores over the tasks: a league table that depends on who takes part.

    Kept here so that it is recognised where it is met. Its mean and spread come from the models in the
    table, so that adding a bad model can swap the order of two good ones, and a weak task hides behind
    strong ones. Prefer `delta_m` to a fixed baseline, with the worst task beside it.

    Parameters
    ----------
    scores : array-like or DataFrame of shape (n_models, n_tasks)
        At least one model and one task. Where these and the other arguments have names, they must agree.
    higher_is_better : array-like of bool, shape (n_tasks,)
    reference : array-like of shape (n_reference, n_tasks), optional
        Models whose mean and standard deviation (ddof 0) standardise the scores; by default the models
        themselves.

    Returns
    -------
    ndarray of shape (n_models,)
        Higher is better. A task on which all reference models agree (but for the last bits) contributes 0.

    Raises
    ------
    ValueError
        If shapes or names do not agree, there is no model or no task, or a value is not finite.
    TypeError
        If `scores` or `reference` does not hold numbers, or `higher_is_better` is not boolean.

    Examples
    --------
    >>> zscore_aggregate([[0.9, 10.0], [0.7, 30.0]], higher_is_better=[True, False])
    array([ 1., -1.])
    """
    values = _matrix("scores", scores, n_models=None, n_tasks=None)
    names = names_of(scores)
    sign = sign_of(higher_is_better, values.shape[1], names)
    among = values
    if reference is not None:
        check_names("reference", reference, "`scores`", names)
        among = _matrix("reference", reference, n_reference=None, n_tasks=values.shape[1])
    agree = np.array([all_equal(column) for column in among.T])  # not `spread == 0`: rounding can leave 1e-17
    centred, spread = values - among.mean(axis=0), among.std(axis=0)
    z = np.where(agree, 0.0, centred / np.where(agree, 1.0, spread))
    return (sign * z).mean(axis=1)


def _matrix(name: str, scores: ArrayLike, **axes: int | None) -> np.ndarray:
    values = as_floats(name, scores)
    check_shape(name, values, **axes)
    if 0 in values.shape:
        raise ValueError(must(name, "hold at least one model and one task", f"shape {values.shape}"))
    check_all(name, values, np.isfinite(values), "be finite numbers")
    return values
