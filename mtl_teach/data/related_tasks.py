"""Tasks whose relatedness and number of labels are dials: the data of "does sharing help?".

Each task's noise-free signal is a mixture of one function that all tasks share and one of its own,

    s_t(x) = sqrt(rho) g_0(x) + sqrt(1 - rho) g_t(x),

where g_0, g_1, ... look along different orthonormal directions of standard normal features, and have mean 0
and variance 1. Independent by construction, they make the correlation of any two signals exactly rho.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtl_teach._validate import check_count, must
from mtl_teach.data._record import Dataset, Seed, check_between, hide

_BENDS = 1.5  # how sharply tanh(_BENDS * u) bends: learnable from hundreds of labels, not from tens


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RelatedTasks(Dataset):
    """`Dataset` with the truth behind it; all labels are pure numbers with variance 1 in the population.

    Attributes
    ----------
    signal : ndarray of shape (n_samples, n_tasks)
        E[y | x], also where the label is missing.
    is_test : ndarray of bool, shape (n_samples,)
        True for the rows kept for testing; every label is observed there.
    correlation : float
        Population correlation of any two columns of `signal` when their ceilings are set aside.
    ceiling_r2 : tuple of float
        The R² per task that predicting `signal` itself would reach: Var(signal) / Var(y).
    """

    signal: np.ndarray
    is_test: np.ndarray
    correlation: float
    ceiling_r2: tuple[float, ...]


def make_related_tasks(
    correlation: float,
    n_labels: Sequence[int] = (1000, 60),
    *,
    n_test: int = 2000,
    n_features: int = 12,
    directions: int = 3,
    ceiling_r2: float | Sequence[float] = 0.8,
    nonlinear: bool = True,
    seed: Seed = 0,
) -> RelatedTasks:
    """Make regression tasks of known relatedness, each with its own number of labels.

    Parameters
    ----------
    correlation : float in [0, 1]
        Correlation of the tasks' signals: 1 makes them one function, 0 unrelated functions.
    n_labels : sequence of int
        Training labels per task. There are ``max(n_labels)`` training rows; a task's labelled rows are
        drawn among them at random.
    n_test : int
        Rows for testing, with every label observed; they follow the training rows.
    n_features : int
        At least ``directions * (n_tasks + 1)``, so that the functions can look along different directions.
    directions : int
        Directions of x that each function depends on.
    ceiling_r2 : float or one per task, in (0, 1]
        Share of a label's variance that x explains.
    nonlinear : bool
        True: sums of tanh along the directions; False: linear functions.
    seed : int or numpy.random.Generator

    Returns
    -------
    RelatedTasks

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> data = make_related_tasks(correlation=0.8, n_labels=(1000, 60))
    >>> data.mask[~data.is_test].sum(axis=0)
    array([1000,   60])
    >>> print(f"{np.corrcoef(data.signal.T)[0, 1]:.1f}")
    0.8
    """
    n_tasks = len(n_labels)
    ceilings = np.broadcast_to(np.asarray(ceiling_r2, dtype=float), n_tasks)
    _check(correlation, n_labels, n_test, n_features, directions, ceilings)
    rng = np.random.default_rng(seed)
    n_train = max(n_labels)
    n_samples = n_train + n_test

    X = rng.standard_normal((n_samples, n_features))
    g = _independent_functions(X, n_tasks + 1, directions, nonlinear, rng)
    unit_signal = np.sqrt(correlation) * g[:, :1] + np.sqrt(1 - correlation) * g[:, 1:]
    signal = np.sqrt(ceilings) * unit_signal
    y = signal + np.sqrt(1 - ceilings) * rng.standard_normal((n_samples, n_tasks))

    mask = np.ones((n_samples, n_tasks), dtype=bool)
    for task, count in enumerate(n_labels):
        mask[rng.permutation(n_train)[count:], task] = False
    return RelatedTasks(
        X=X,
        y=hide(y, mask),
        mask=mask,
        feature_names=tuple(f"x{j}" for j in range(n_features)),
        feature_units=("1",) * n_features,
        task_names=tuple(f"task {t + 1}" for t in range(n_tasks)),
        task_units=("1",) * n_tasks,
        signal=signal,
        is_test=np.arange(n_samples) >= n_train,
        correlation=float(correlation),
        ceiling_r2=tuple(float(c) for c in ceilings),
    )


def _independent_functions(
    X: np.ndarray, n_functions: int, directions: int, nonlinear: bool, rng: np.random.Generator
) -> np.ndarray:
    """(n_samples, n_functions): independent functions of standard normal rows, mean 0, variance 1."""
    basis, _ = np.linalg.qr(rng.standard_normal((X.shape[1], n_functions * directions)))
    along = X @ basis
    if nonlinear:
        nodes, weights = np.polynomial.hermite_e.hermegauss(80)
        variance = np.sum(weights * np.tanh(_BENDS * nodes) ** 2) / np.sum(weights)
        along = np.tanh(_BENDS * along) / np.sqrt(variance)  # odd in a symmetric variable: mean 0
    return along.reshape(len(X), n_functions, directions).sum(axis=2) / np.sqrt(directions)


def _check(
    correlation: float,
    n_labels: Sequence[int],
    n_test: int,
    n_features: int,
    directions: int,
    ceilings: np.ndarray,
) -> None:
    check_between("correlation", correlation, 0, 1)
    if len(n_labels) == 0:
        raise ValueError(must("n_labels", "name at least one task", "none"))
    for count in n_labels:
        check_count("n_labels", count)
    check_count("n_test", n_test, least=0)
    check_count("directions", directions)
    check_count("n_features", n_features, least=directions * (len(n_labels) + 1))
    if np.any((ceilings <= 0) | (ceilings > 1)):
        raise ValueError(must("ceiling_r2", "lie in (0, 1]", ceilings.tolist()))
