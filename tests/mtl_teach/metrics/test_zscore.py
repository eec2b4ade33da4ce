"""The z-score aggregate, against SciPy, and its trap."""

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from mtl_teach.metrics import zscore_aggregate

RNG = np.random.default_rng(0)
TABLE = pandas.DataFrame({"price": [1.0, 2.0], "days": [30.0, 10.0]})


class TestZscoreAggregate:
    def test_agrees_with_scipy(self):
        scores = RNG.normal(size=(6, 3))
        expected = (stats.zscore(scores) * [1, -1, 1]).mean(axis=1)
        np.testing.assert_allclose(zscore_aggregate(scores, [True, False, True]), expected)

    def test_adding_a_bad_model_can_swap_the_first_two(self):
        """Why the course prefers Delta_m: A and B have not changed, their order has."""
        a, b = [0.90, 0.60], [0.80, 0.66]
        third_a, third_b = [0.84, 0.10], [0.10, 0.62]
        with_first = zscore_aggregate([a, b, third_a], [True, True])
        with_second = zscore_aggregate([a, b, third_b], [True, True])
        assert with_first[0] > with_first[1]
        assert with_second[0] < with_second[1]

    def test_a_weak_task_hides_behind_strong_ones(self):
        scores = [[0.95, 0.95, 0.10], [0.66, 0.66, 0.66], [0.60, 0.60, 0.60]]
        z = zscore_aggregate(scores, [True] * 3)
        assert z[0] > z[1]

    def test_a_fixed_reference_ends_the_dependence_on_the_table(self):
        reference = RNG.random((5, 2))
        pair = np.array([[0.9, 0.6], [0.8, 0.66]])
        alone = zscore_aggregate(pair, [True, True], reference)
        crowded = zscore_aggregate(np.vstack([pair, [[0.1, 0.1]]]), [True, True], reference)
        np.testing.assert_allclose(crowded[:2], alone)

    def test_a_task_on_which_all_agree_contributes_nothing(self):
        scores = [[0.1, 0.1 + 0.2], [0.2, 0.1 + 0.2], [0.4, 0.1 + 0.2]]
        np.testing.assert_allclose(zscore_aggregate(scores, [True, True]), stats.zscore([0.1, 0.2, 0.4]) / 2)

    def test_a_spread_that_is_nothing_but_rounding_contributes_nothing(self):
        """Three equal scores whose computed standard deviation is 1e-17, not 0."""
        assert 0 < np.std([0.1, 0.1, 0.1]) < 1e-15
        scores = [[0.1, 0.1], [0.2, 0.1], [0.4, 0.1]]
        np.testing.assert_allclose(zscore_aggregate(scores, [True, True]), stats.zscore([0.1, 0.2, 0.4]) / 2)

    def test_a_single_model_scores_zero(self):
        np.testing.assert_array_equal(zscore_aggregate([[0.5, 3.0]], [True, False]), [0.0])

    @given(hnp.arrays(np.float64, (4, 3), elements=st.integers(-50, 50).map(float)))
    def test_rescaling_a_metric_changes_nothing(self, scores):
        better = [True, False, True]
        rescaled = zscore_aggregate(scores * [2.0, 1000.0, 0.5] + [1, -3, 7], better)
        np.testing.assert_allclose(rescaled, zscore_aggregate(scores, better), atol=1e-9)


def test_models_that_differ_in_the_last_bit_agree():
    scores = [[3 * 0.1, 1.0], [0.3, 2.0], [0.3, 3.0]]
    np.testing.assert_allclose(zscore_aggregate(scores, [True, True]), np.array([-1.0, 0.0, 1.0]) * np.sqrt(1.5) / 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: zscore_aggregate([1.0], [True]),
            ValueError,
            r"`scores` must have shape \(n_models, n_tasks\).*; got \(1,\)\.",
        ),
        (
            lambda: zscore_aggregate([[np.nan]], [True]),
            ValueError,
            r"`scores` must be finite numbers; got nan at index \(0, 0\)\.",
        ),
        (
            lambda: zscore_aggregate([[1.0]], [True, False]),
            ValueError,
            r"`higher_is_better` must have shape \(n_tasks,\) = \(1,\); got \(2,\)\.",
        ),
        (
            lambda: zscore_aggregate([[1.0]], [1]),
            TypeError,
            r"`higher_is_better` must have a boolean dtype; got int64\.",
        ),
        (
            lambda: zscore_aggregate([[1.0]], [True], [[1.0, 2.0]]),
            ValueError,
            r"`reference` must have shape \(n_reference, n_tasks\) = \(any, 1\); got \(1, 2\)\.",
        ),
        (
            lambda: zscore_aggregate([[1.0]], [True], [[np.nan]]),
            ValueError,
            r"`reference` must be finite numbers; got nan at index \(0, 0\)\.",
        ),
        (
            lambda: zscore_aggregate([[np.inf]], [True]),
            ValueError,
            r"`scores` must be finite numbers; got inf at index \(0, 0\)\.",
        ),
        (
            lambda: zscore_aggregate(np.empty((0, 2)), [True, True]),
            ValueError,
            r"`scores` must hold at least one model and one task; got shape \(0, 2\)\.",
        ),
        (
            lambda: zscore_aggregate(TABLE, [True, True], TABLE[["days", "price"]]),
            ValueError,
            r"`reference` must have the columns of `scores`, in that order; got 'days' where 'price' belongs\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()
