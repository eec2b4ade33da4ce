"""Choosing among trade-offs: dominance, hypervolume, and two ways to ask for one point of a front.

Every objective is *minimised*; negate what should be large. With two points a and b, a dominates b if a_k
<= b_k for every objective k and a_k < b_k for at least one. A weighted sum w·f can only ever choose points
of a front's lower convex hull; the two questions below reach the rest::

    Chebyshev:            max_k w_k (f_k - z_k)         with z an ideal point that no solution beats
    epsilon-constraint:   min f_p  such that  f_k <= limit_k  for the others

References
----------
Miettinen, *Nonlinear Multiobjective Optimization*, 1999: definition 2.2.1 (dominance), section 3.2 (epsilon
constraint), section 3.4 (weighted metrics, of which Chebyshev's is one). Zitzler and Thiele, "Multiobjective
optimization using evolutionary algorithms", 1998 (hypervolume).
"""

from collections.abc import Sequence
from itertools import pairwise
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._tables import as_floats, check_names, names_of
from mtl_teach._validate import check_all, check_floating, check_shape, must


def is_non_dominated(points: ArrayLike) -> np.ndarray:
    """Say which points no other point dominates.

    Parameters
    ----------
    points : array-like of shape (n_points, n_objectives)
        Objectives to minimise.

    Returns
    -------
    ndarray of bool, shape (n_points,)
        Equal points do not dominate each other: duplicates of an efficient point are all True.

    Raises
    ------
    ValueError
        If `points` is not two-dimensional or holds a NaN.
    TypeError
        If `points` does not hold numbers.

    References
    ----------
    Miettinen 1999, definition 2.2.1.

    Examples
    --------
    >>> is_non_dominated([[1, 4], [2, 2], [2, 2], [3, 3], [1, 5]])
    array([ True,  True,  True, False, False])
    """
    points = _points(points)
    no_worse = np.all(points[:, None] <= points[None, :], axis=-1)
    better = np.any(points[:, None] < points[None, :], axis=-1)
    return ~np.any(no_worse & better, axis=0)


def hypervolume(points: ArrayLike, reference: ArrayLike) -> float:
    """Return the area or volume that a front of two or three objectives dominates, up to a reference point.

    Dominated points, duplicates, and points that are not better than the reference in every objective add
    nothing. The number has the product of the objectives' units, and *the ranking of two fronts can flip
    with the reference*: state the reference whenever you report it.

    Parameters
    ----------
    points : array-like of shape (n_points, n_objectives)
        Two or three objectives to minimise.
    reference : array-like of shape (n_objectives,)
        The worst corner of the region that counts. Where points and reference have names, they must agree.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there are not two or three objectives (pymoo computes more), shapes or names differ, a point is NaN, or the
        reference is not finite.
    TypeError
        If `points` or `reference` does not hold numbers.

    References
    ----------
    Zitzler and Thiele 1998.

    Examples
    --------
    >>> hypervolume([[1, 3], [2, 1]], reference=[4, 4])
    7.0
    >>> hypervolume([[0, 1, 1], [1, 0, 0]], reference=[2, 2, 2])
    5.0
    """
    front, corner = _points(points), as_floats("reference", reference)
    n_objectives = front.shape[1]
    if n_objectives not in (2, 3):
        raise ValueError(must("points", "have 2 or 3 objectives (for more, use pymoo.indicators.hv.HV)", n_objectives))
    check_shape("reference", corner, n_objectives=n_objectives)
    check_names("reference", reference, "`points`", names_of(points))
    check_all("reference", corner, np.isfinite(corner), "be finite")

    inside = front[np.all(front < corner, axis=1)]
    if n_objectives == 2:
        return _area(inside, corner)
    # Between two neighbouring values of the last objective, the points at or below the lower one dominate one area.
    heights = np.append(np.unique(inside[:, 2]), corner[2])
    slices = (_area(inside[inside[:, 2] <= low, :2], corner[:2]) * (high - low) for low, high in pairwise(heights))
    return float(sum(slices))


def _area(points: np.ndarray, reference: np.ndarray) -> float:
    """Return the area that points in front of a reference dominate in two objectives."""
    area, ceiling = 0.0, reference[1]
    for first, second in points[np.lexsort((points[:, 1], points[:, 0]))]:
        if second < ceiling:  # each efficient point adds the strip below the lowest point to its left
            area += (reference[0] - first) * (ceiling - second)
            ceiling = second
    return float(area)


def chebyshev(objectives: Any, weights: Any, ideal: Any) -> Any:
    """Return the largest weighted distance to the ideal point: minimising it can reach every efficient point.

    Parameters
    ----------
    objectives : tensor or array of shape (n_objectives,)
        To minimise. A tensor keeps its gradient, which comes from the worst objective alone.
    weights : tensor or array of shape (n_objectives,)
        Non-negative; in 1/unit of each objective, so that the terms can be compared.
    ideal : tensor or array of shape (n_objectives,)
        A point at least as good as every solution in every objective.

    Returns
    -------
    tensor or NumPy scalar of shape ()

    Raises
    ------
    ValueError
        If the shapes differ, there is no objective, or a weight is negative.
    TypeError
        If an argument does not hold numbers, or a tensor of objectives holds integers.

    References
    ----------
    Miettinen 1999, section 3.4.

    Examples
    --------
    >>> float(chebyshev(np.array([3.0, 1.0]), np.array([0.5, 2.0]), np.zeros(2)))
    2.0
    """
    if not hasattr(objectives, "detach"):
        objectives = as_floats("objectives", objectives)
    check_floating("objectives", objectives)
    check_shape("objectives", objectives, n_objectives=None)
    if len(objectives) == 0:
        raise ValueError(must("objectives", "hold at least one objective", "none"))
    weights, ideal = _like("weights", weights, objectives), _like("ideal", ideal, objectives)
    check_shape("weights", weights, n_objectives=len(objectives))
    check_shape("ideal", ideal, n_objectives=len(objectives))
    check_all("weights", weights, weights >= 0, "be non-negative")
    return (weights * (objectives - ideal)).max()


def epsilon_constraint(points: ArrayLike, primary: int, limits: Sequence[float | None]) -> int | None:
    """Return the index of the point that is best in one objective while the others keep their limits.

    Parameters
    ----------
    points : array-like of shape (n_points, n_objectives)
        Objectives to minimise.
    primary : int
        The objective to minimise.
    limits : sequence of float or None, one per objective
        Largest value allowed, a limit itself included; None leaves an objective free. A limit on the primary
        objective counts like any other.

    Returns
    -------
    int or None
        None when no point keeps every limit. Of points that are equally good in the primary objective, the first;
        among these it may be dominated.

    Raises
    ------
    ValueError
        If `points` is not two-dimensional or holds a NaN, `primary` is no objective, `limits` does not have one entry
        per objective, or a limit is NaN.
    TypeError
        If `points` or `limits` does not hold numbers.

    References
    ----------
    Miettinen 1999, section 3.2.

    Examples
    --------
    >>> error_and_latency = [[0.10, 80.0], [0.12, 45.0], [0.20, 20.0]]
    >>> epsilon_constraint(error_and_latency, primary=0, limits=[None, 50.0])
    1
    >>> epsilon_constraint(error_and_latency, primary=0, limits=[None, 10.0]) is None
    True
    """
    points = _points(points)
    n_objectives = points.shape[1]
    if not isinstance(primary, Integral) or not 0 <= primary < n_objectives:
        raise ValueError(must("primary", f"be an integer in [0, {n_objectives - 1}]", repr(primary)))
    if np.ndim(limits) != 1 or len(limits) != n_objectives:
        raise ValueError(must("limits", f"have one entry per objective, {n_objectives}", np.shape(limits)))
    ceiling = as_floats("limits", [np.inf if limit is None else limit for limit in limits])
    check_all("limits", ceiling, ~np.isnan(ceiling), "be a number, or None where an objective is free")
    feasible = np.flatnonzero(np.all(points <= ceiling, axis=1))
    if len(feasible) == 0:
        return None
    return int(feasible[np.argmin(points[feasible, primary])])


def _points(points: ArrayLike) -> np.ndarray:
    points = as_floats("points", points)
    check_shape("points", points, n_points=None, n_objectives=None)
    check_all("points", points, ~np.isnan(points), "be numbers")
    return points


def _like(name: str, values: Any, example: Any) -> Any:
    """`values` as what `example` is, an array or a tensor, without importing torch."""
    if not hasattr(example, "new_tensor"):
        return as_floats(name, values)
    return values if hasattr(values, "detach") else example.new_tensor(as_floats(name, values))
