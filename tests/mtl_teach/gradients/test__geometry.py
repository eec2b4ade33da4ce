"""The geometry that the methods share, against SciPy, closed forms and the vectors themselves."""

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from mtl_teach.gradients._geometry import (
    coordinates,
    min_norm_point,
    non_negative_least_squares,
    norms_and_cosines,
    share_among_equals,
)


def vectors(n, dimensions, seed=0):
    return np.random.default_rng(seed).normal(size=(n, dimensions)) * np.logspace(-3, 2, n)[:, None]


def test_norms_and_cosines_are_those_of_the_vectors():
    rows = vectors(4, 7)
    norms, cosines = norms_and_cosines(rows @ rows.T)
    np.testing.assert_allclose(norms, np.linalg.norm(rows, axis=1))
    units = rows / norms[:, None]
    np.testing.assert_allclose(cosines, units @ units.T)


def test_a_vector_of_length_zero_has_cosines_of_zero():
    norms, cosines = norms_and_cosines(np.diag([4.0, 0.0]))
    assert norms.tolist() == [2.0, 0.0]
    assert cosines.tolist() == [[1.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("dimensions", [2, 4, 50], ids=["dependent", "square", "long"])
def test_coordinates_have_the_gramian_and_a_longest_row_of_length_one(dimensions):
    rows = vectors(4, dimensions)
    found = coordinates(rows @ rows.T)
    longest = np.linalg.norm(rows, axis=1).max()
    assert found.shape == (4, 4)
    np.testing.assert_allclose(found @ found.T, rows @ rows.T / longest**2, rtol=1e-8, atol=1e-14)
    assert np.linalg.norm(found, axis=1).max() == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(5))
def test_non_negative_least_squares_equals_scipys_bounded_solver(seed):
    rng = np.random.default_rng(seed)
    system, target = rng.normal(size=(8, 5)) * np.logspace(-2, 2, 5), rng.normal(size=8)
    expected = lsq_linear(system, target, bounds=(0, np.inf), tol=1e-14).x
    found = non_negative_least_squares(system, target)
    assert (found >= 0).all()
    np.testing.assert_allclose(system @ found, system @ expected, atol=1e-6)


def test_the_shortest_point_of_a_segment_is_its_foot_or_an_end():
    np.testing.assert_allclose(min_norm_point(np.array([[1.0, 1.0], [1.0, -3.0]])), [0.75, 0.25])
    np.testing.assert_allclose(min_norm_point(np.array([[1.0, 0.0], [2.0, 1.0]])), [1.0, 0.0], atol=1e-12)


def test_equal_vectors_share_their_weight_and_the_sum_stays():
    rows = np.array([[1.0, 2.0], [0.0, 1.0], [1.0, 2.0]])
    weights = np.array([0.5, 0.3, 0.1])
    shared = share_among_equals(weights, rows @ rows.T)
    np.testing.assert_allclose(shared, [0.3, 0.3, 0.3])
    np.testing.assert_allclose(shared @ rows, weights @ rows)
