"""A league table of models, and its trap: it depends on who takes part.

    mean over tasks of ± (score - mean over models) / sd over models

with + where higher is better. Adding a third model moves mean and sd, and can swap the first two.
"""

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._validate import check_all, check_shape
from mtl_teach.metrics._sign import sign_of


def zscore_aggregate(scores: ArrayLike, higher_is_better: ArrayLike, reference: ArrayLike | None = None) -> np.ndarray:
    """Average each model's z-scores over the tasks: a league table that depends on who takes part.

    Kept here so that it is recognised where it is met. Its mean and spread come from the models in the
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
    sign = sign_of(higher_is_better, scores.shape[1])
    among = scores if reference is None else np.asarray(reference, dtype=float)
    check_shape("reference", among, n_reference=None, n_tasks=scores.shape[1])
    check_all("reference", among, ~np.isnan(among), "be numbers")
    centred, spread = scores - among.mean(axis=0), among.std(axis=0)
    agree = np.ptp(among, axis=0) == 0  # not `spread == 0`: rounding can leave a spread of 1e-17
    z = np.where(agree, 0.0, centred / np.where(agree, 1.0, spread))
    return (sign * z).mean(axis=1)


def _scores(scores: ArrayLike) -> np.ndarray:
    scores = np.asarray(scores, dtype=float)
    check_shape("scores", scores, n_models=None, n_tasks=None)
    check_all("scores", scores, ~np.isnan(scores), "be numbers")
    return scores
