"""Pareto: against pymoo, and at the edges where implementations differ."""

import numpy as np
import pandas
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pymoo.indicators.hv import HV
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

from mtl_teach.pareto import chebyshev, epsilon_constraint, hypervolume, is_non_dominated

GRID = st.integers(0, 6).map(float)  # few distinct values, so that ties and duplicates are common


def point_sets(n_objectives=2, min_side=1):
    shape = st.tuples(st.integers(min_side, 12), st.just(n_objectives))
    return hnp.arrays(np.float64, shape, elements=GRID)


class TestIsNonDominated:
    @pytest.mark.parametrize("n_objectives", [1, 2, 3, 5])
    def test_agrees_with_pymoo_on_random_points(self, n_objectives):
        points = np.random.default_rng(0).random((200, n_objectives))
        front = NonDominatedSorting().do(points, only_non_dominated_front=True)
        np.testing.assert_array_equal(np.flatnonzero(is_non_dominated(points)), np.sort(front))

    @given(point_sets(3))
    def test_agrees_with_pymoo_on_ties_and_duplicates(self, points):
        front = NonDominatedSorting().do(points, only_non_dominated_front=True)
        np.testing.assert_array_equal(np.flatnonzero(is_non_dominated(points)), np.sort(front))

    def test_duplicates_of_an_efficient_point_all_stay(self):
        np.testing.assert_array_equal(is_non_dominated([[1, 2], [1, 2], [2, 1]]), [True, True, True])

    def test_equal_in_one_objective_and_worse_in_the_other_is_dominated(self):
        np.testing.assert_array_equal(is_non_dominated([[1, 2], [1, 3]]), [True, False])

    def test_no_points_give_no_answers(self):
        assert is_non_dominated(np.zeros((0, 2))).shape == (0,)

    @given(point_sets(), st.randoms(use_true_random=False))
    def test_permuting_points_permutes_the_answer(self, points, random):
        order = np.array(random.sample(range(len(points)), len(points)))
        np.testing.assert_array_equal(is_non_dominated(points[order]), is_non_dominated(points)[order])

    @given(point_sets())
    def test_rescaling_an_objective_changes_nothing(self, points):
        np.testing.assert_array_equal(is_non_dominated(points * [1000, 0.5] + [3, -1]), is_non_dominated(points))


class TestHypervolume:
    @given(point_sets())
    def test_agrees_with_pymoo_also_with_points_beyond_the_reference_and_duplicates(self, points):
        reference = np.array([4.0, 5.0])
        inside = points[np.all(points < reference, axis=1)]
        expected = HV(ref_point=reference)(inside) if len(inside) else 0.0
        assert hypervolume(points, reference) == pytest.approx(expected)

    def test_agrees_with_pymoo_on_a_random_front(self):
        points = np.random.default_rng(0).random((100, 2))
        assert hypervolume(points, [1.1, 1.2]) == pytest.approx(HV(ref_point=np.array([1.1, 1.2]))(points))

    def test_objectives_are_minimised(self):
        assert hypervolume([[0, 0]], [2, 3]) == 6.0
        assert hypervolume([[0, 0, 1]], [2, 3, 5]) == 24.0

    @given(hnp.arrays(float, st.tuples(st.integers(1, 12), st.just(3)), elements=st.integers(0, 6).map(float)))
    def test_three_objectives_agree_with_pymoo_ties_included(self, points):
        expected = HV(ref_point=np.array([5.0, 6.0, 5.5]))(points)
        assert hypervolume(points, [5.0, 6.0, 5.5]) == pytest.approx(expected)

    def test_a_third_objective_that_never_varies_only_gives_the_area_a_height(self):
        flat = np.array([[1.0, 3.0], [2.0, 1.0]])
        assert hypervolume(np.column_stack([flat, [1.0, 1.0]]), [4, 4, 3]) == 2 * hypervolume(flat, [4, 4])

    def test_points_beyond_the_reference_contribute_nothing(self):
        assert hypervolume([[1, 1], [5, 0], [0, 5], [9, 9]], [3, 3]) == 4.0
        assert hypervolume([[5, 0]], [3, 3]) == 0.0

    def test_a_point_on_the_reference_contributes_nothing(self):
        assert hypervolume([[3, 0]], [3, 3]) == 0.0

    def test_duplicates_count_once(self):
        assert hypervolume([[1, 1], [1, 1]], [3, 3]) == hypervolume([[1, 1]], [3, 3]) == 4.0

    @given(point_sets(), GRID, GRID)
    def test_another_point_never_lowers_it(self, points, first, second):
        more = np.vstack([points, [first, second]])
        assert hypervolume(more, [5, 5]) >= hypervolume(points, [5, 5])

    @given(point_sets())
    def test_dominated_points_add_nothing(self, points):
        front = points[is_non_dominated(points)]
        assert hypervolume(front, [5, 5]) == pytest.approx(hypervolume(points, [5, 5]))

    def test_the_ranking_of_two_fronts_can_flip_with_the_reference(self):
        middle, ends = [[2, 2]], [[0, 3.9], [3.9, 0]]
        assert hypervolume(middle, [4, 4]) > hypervolume(ends, [4, 4])
        assert hypervolume(middle, [9, 9]) < hypervolume(ends, [9, 9])

    def test_no_points_dominate_no_area(self):
        assert hypervolume(np.zeros((0, 2)), [1, 1]) == 0.0


CONCAVE = np.array([[np.sin(a), np.cos(a)] for a in np.linspace(0, np.pi / 2, 50)])  # concave when minimised


class TestChebyshev:
    def test_is_the_largest_weighted_distance_to_the_ideal(self):
        assert chebyshev([3.0, 1.0], [0.5, 2.0], [1.0, 0.5]) == 1.0

    def test_reaches_the_inner_points_of_a_concave_front_that_a_weighted_sum_cannot(self):
        weights = [(w, 1 - w) for w in np.linspace(0.02, 0.98, 49)]
        by_sum = {int(np.argmin(CONCAVE @ w)) for w in weights}
        by_chebyshev = {int(np.argmin([chebyshev(p, w, [0, 0]) for p in CONCAVE])) for w in weights}
        assert by_sum == {0, 49}
        assert len(by_chebyshev) > 25

    def test_the_gradient_comes_from_the_worst_objective_alone(self):
        objectives = torch.tensor([3.0, 1.0], requires_grad=True)
        chebyshev(objectives, [1.0, 1.0], [0.0, 0.0]).backward()
        torch.testing.assert_close(objectives.grad, torch.tensor([1.0, 0.0]))

    def test_gradient_agrees_with_finite_differences(self):
        objectives = torch.tensor([3.0, 1.0, 2.5], dtype=torch.float64, requires_grad=True)
        weights = torch.tensor([0.2, 0.9, 1.5], dtype=torch.float64)
        assert torch.autograd.gradcheck(lambda f: chebyshev(f, weights, torch.zeros(3)), objectives)


class TestEpsilonConstraint:
    POINTS = ((0.10, 80.0), (0.12, 45.0), (0.11, 50.0), (0.20, 20.0))

    def test_the_limit_itself_is_allowed(self):
        assert epsilon_constraint(self.POINTS, 0, [None, 50.0]) == 2

    def test_none_when_nothing_is_feasible(self):
        assert epsilon_constraint(self.POINTS, 0, [None, 10.0]) is None

    def test_without_limits_it_is_the_minimum(self):
        assert epsilon_constraint(self.POINTS, 1, [None, None]) == 3

    def test_of_equal_points_the_first(self):
        assert epsilon_constraint([[1, 1], [1, 1]], 0, [None, None]) == 0

    def test_the_index_counts_all_points_not_the_feasible_ones(self):
        assert epsilon_constraint([[0, 9], [5, 1], [4, 1]], 0, [None, 2]) == 2

    @given(point_sets(), GRID)
    def test_the_choice_is_feasible_and_no_feasible_point_is_better(self, points, limit):
        index = epsilon_constraint(points, 0, [None, limit])
        feasible = points[points[:, 1] <= limit]
        if index is None:
            assert len(feasible) == 0
        else:
            assert points[index, 1] <= limit
            assert points[index, 0] == feasible[:, 0].min()

    def test_reaches_the_inner_points_of_a_concave_front(self):
        chosen = {epsilon_constraint(CONCAVE, 0, [None, limit]) for limit in np.linspace(0.02, 0.98, 49)}
        assert len(chosen) > 25


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: is_non_dominated([1.0, 2.0]),
            r"`points` must have shape \(n_points, n_objectives\)\.?.*; got \(2,\)\.",
        ),
        (lambda: is_non_dominated([[1.0, np.nan]]), r"`points` must be numbers; got nan at index \(0, 1\)\."),
        (
            lambda: hypervolume([[1.0, 2.0, 3.0, 4.0]], [5, 5, 5, 5]),
            r"`points` must have 2 or 3 objectives \(for more, use pymoo\.indicators\.hv\.HV\); got 4\.",
        ),
        (
            lambda: hypervolume([[1.0, 2.0]], [4]),
            r"`reference` must have shape \(n_objectives,\) = \(2,\); got \(1,\)\.",
        ),
        (lambda: hypervolume([[1.0, 2.0]], [4, np.nan]), r"`reference` must be finite; got nan at index 1\."),
        (lambda: chebyshev([[1.0]], [1.0], [0.0]), r"`objectives` must have shape \(n_objectives,\).*; got \(1, 1\)\."),
        (
            lambda: chebyshev([1.0], [1.0, 2.0], [0.0]),
            r"`weights` must have shape \(n_objectives,\) = \(1,\); got \(2,\)\.",
        ),
        (
            lambda: chebyshev([1.0], [1.0], [0.0, 1.0]),
            r"`ideal` must have shape \(n_objectives,\) = \(1,\); got \(2,\)\.",
        ),
        (
            lambda: chebyshev([1.0, 2.0], [1.0, -1.0], [0.0, 0.0]),
            r"`weights` must be non-negative; got -1 at index 1\.",
        ),
        (
            lambda: epsilon_constraint([[1.0, 2.0]], 2, [None, None]),
            r"`primary` must be an integer in \[0, 1\]; got 2\.",
        ),
        (
            lambda: epsilon_constraint([[1.0, 2.0]], 0, [None]),
            r"`limits` must have one entry per objective, 2; got \(1,\)\.",
        ),
        (
            lambda: epsilon_constraint([[1.0, 2.0]], 0, 3.0),
            r"`limits` must have one entry per objective, 2; got \(\)\.",
        ),
        (
            lambda: epsilon_constraint([[1.0, 2.0]], 0, [None, np.nan]),
            r"`limits` must be a number, or None where an objective is free; got nan at index 1\.",
        ),
        (
            lambda: epsilon_constraint([[1.0, 2.0]], "error", [None, 3.0]),
            r"`primary` must be an integer in \[0, 1\]; got 'error'\.",
        ),
        (lambda: chebyshev([], [], []), r"`objectives` must hold at least one objective; got none\."),
        (lambda: hypervolume([[1.0, 2.0]], [4, np.inf]), r"`reference` must be finite; got inf at index 1\."),
        (
            lambda: hypervolume(
                pandas.DataFrame({"error": [1.0], "ms": [2.0]}), pandas.Series({"ms": 3.0, "error": 4.0})
            ),
            r"`reference` must have the columns of `points`, in that order; got 'ms' where 'error' belongs\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_whole_objectives_in_a_tensor_are_refused_rather_than_an_ideal_cut_to_whole_numbers():
    with pytest.raises(TypeError, match=r"`objectives` must have a floating-point dtype; got torch\.int64\."):
        chebyshev(torch.tensor([3, 1]), [0.5, 2.0], [0.0, 0.5])
    with pytest.raises(TypeError, match=r"`weights` must hold numbers; got 'a' at index \(0,\)\."):
        chebyshev([3.0, 1.0], ["a", "b"], [0.0, 0.0])


def test_a_table_of_trade_offs_is_judged_as_it_is():
    table = pandas.DataFrame({"error": [0.1, 0.12, 0.2], "ms": [80, 45, 50]}, index=list("abc")).convert_dtypes()
    assert is_non_dominated(table).tolist() == [True, True, False]
    assert epsilon_constraint(table, 0, [None, 50]) == 1
    reference = pandas.Series({"error": 0.3, "ms": 100.0})
    assert hypervolume(table, reference) == pytest.approx(hypervolume(table.to_numpy(float), [0.3, 100.0]))
