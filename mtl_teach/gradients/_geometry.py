r"""The geometry that the methods share: small vectors with a given Gramian, and the nearest point of a hull.

.. math::  G_{ij} = g_i \cdot g_j = |g_i|\,|g_j| \cos_{ij}

Lengths, angles, hulls and cones of T gradients are those of any T vectors with the same Gramian :math:`G`, so they
are found in T dimensions, however long the gradients are.

Source: Lawson & Hanson, Solving least squares problems, 1974, chapter 23, for non-negative least squares and for
least-distance problems written as such.
"""

import numpy as np
from scipy.optimize import nnls


def norms_and_cosines(gramian: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    norms = np.sqrt(gramian.diagonal())
    safe = np.where(norms > 0, norms, 1.0)
    return norms, gramian / np.outer(safe, safe)


def coordinates(gramian: np.ndarray) -> np.ndarray:
    """Return n_tasks vectors (rows) in n_tasks dimensions that have this Gramian, the longest of length 1.

    Lengths and angles are treated apart, so that a short gradient keeps its digits beside a long one.
    """
    norms, cosines = norms_and_cosines(gramian)
    values, vectors = np.linalg.eigh(cosines)
    unit_rows = vectors * np.sqrt(values.clip(min=0.0))
    return unit_rows * norms[:, None] / (norms.max() or 1.0)


def non_negative_least_squares(system: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the non-negative x for which ``system @ x`` is nearest to `target`."""
    # Columns with a largest entry of 1, then of length 1, keep the digits of small ones and the range of large ones.
    largest = np.abs(system).max(axis=0)
    largest = np.where(largest > 0, largest, 1.0)
    size = largest * np.linalg.norm(system / largest, axis=0).clip(min=1.0)
    # SciPy's default of 3 n steps can be too few.
    return nnls(system / size, target, maxiter=100 * len(size))[0] / size


def min_norm_point(rows: np.ndarray) -> np.ndarray:
    """Return non-negative weights of sum 1 for which ``weights @ rows`` is shortest.

    Non-negative least squares on ``[rows.T; 1] w = [0; 1]`` pulls the result to 0 and the sum to 1; whatever
    sum the compromise has, its direction is the solution.
    """
    lengths = np.linalg.norm(rows, axis=1)
    shortest = lengths[lengths > 0].min(initial=1.0)
    system = np.vstack([rows.T / shortest, np.ones(len(rows))])
    weights = non_negative_least_squares(system, np.eye(len(system))[-1])
    return weights / weights.sum()


def share_among_equals(weights: np.ndarray, gramian: np.ndarray) -> np.ndarray:
    """Give tasks with one and the same gradient the same weight; the combined gradient stays as it is."""
    squares = gramian.diagonal()
    sums = squares[:, None] + squares
    equal = sums - 2 * gramian <= 1e-14 * sums
    return equal @ weights / equal.sum(axis=1)
