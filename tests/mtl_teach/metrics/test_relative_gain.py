"""Delta_m: its sign, its unit, and what cannot change it."""

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_teach.metrics import delta_m

RNG = np.random.default_rng(0)
NAMED = pandas.Series({"price": 2.0, "days": 4.0})


class TestDeltaM:
    @pytest.mark.parametrize(
        ("score", "higher", "sign"),
        [(0.9, True, 1), (0.7, True, -1), (0.7, False, 1), (0.9, False, -1)],
        ids=["accuracy up", "accuracy down", "error down", "error up"],
    )
    def test_positive_is_better(self, score, higher, sign):
        assert np.sign(delta_m([score], [0.8], [higher])) == sign

    def test_the_other_sign_in_print_is_the_same_number_turned_round(self):
        scores, baseline, higher = [0.88, 4.0], [0.80, 5.0], [True, False]
        assert delta_m(scores, baseline, higher, better="negative") == -delta_m(scores, baseline, higher)

    @pytest.mark.parametrize(("score", "sign"), [(-0.1, 1), (-0.3, -1), (0.2, 1)])
    def test_better_than_a_baseline_below_zero_is_still_positive(self, score, sign):
        gain = delta_m([score], [-0.2], [True])
        assert np.sign(gain) == sign
        assert abs(gain) == pytest.approx(abs(score + 0.2) / 0.2)

    def test_is_a_fraction_of_the_baseline(self):
        assert delta_m([0.88, 4.0], [0.80, 5.0], [True, False]) == pytest.approx((0.1 + 0.2) / 2)

    def test_the_baseline_itself_gains_nothing(self):
        assert delta_m([0.3, 7.0], [0.3, 7.0], [True, False]) == 0.0

    def test_metrics_are_averaged_within_a_task_before_tasks(self):
        gain = delta_m([1.1, 1.2, 1.3, 2.0], [1.0] * 4, [True] * 4, task=["a", "a", "a", "b"])
        assert gain == pytest.approx((0.2 + 1.0) / 2)

    def test_the_order_of_metrics_within_tasks_does_not_matter(self):
        one = delta_m([1.1, 2.0, 1.3], [1.0] * 3, [True] * 3, task=["a", "b", "a"])
        two = delta_m([1.3, 1.1, 2.0], [1.0] * 3, [True] * 3, task=["a", "a", "b"])
        assert one == pytest.approx(two)

    def test_several_models_at_once(self):
        scores = RNG.random((5, 3)) + 0.1
        better = [True, False, True]
        one_by_one = [delta_m(row, [0.5] * 3, better, task=[0, 0, 1]) for row in scores]
        np.testing.assert_allclose(delta_m(scores, [0.5] * 3, better, task=[0, 0, 1]), one_by_one)

    def test_adding_a_model_cannot_swap_two_others(self):
        pair = np.array([[0.90, 0.60], [0.80, 0.66]])
        alone = delta_m(pair, [0.7, 0.5], [True, True])
        np.testing.assert_array_equal(delta_m(np.vstack([pair, [[0.1, 0.6]]]), [0.7, 0.5], [True, True])[:2], alone)

    @given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)), min_size=1, max_size=5), st.floats(0.01, 100))
    def test_units_cancel(self, pairs, unit):
        scores, baseline = np.array(pairs).T
        better = [True] * len(pairs)
        np.testing.assert_allclose(
            delta_m(scores * unit, baseline * unit, better), delta_m(scores, baseline, better), atol=1e-9
        )


def test_tables_of_scores_are_compared_with_a_row_of_one():
    table = pandas.DataFrame({"auc": [0.8, 0.88], "ms": [5.0, 4.0]}, index=["alone", "shared"]).convert_dtypes()
    gains = delta_m(table, table.loc["alone"], pandas.Series({"auc": True, "ms": False}))
    np.testing.assert_allclose(gains, [0.0, 0.15])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: delta_m([1.0], [[1.0]], [True]),
            ValueError,
            r"`baseline` must have shape \(n_metrics,\).*; got \(1, 1\)\.",
        ),
        (
            lambda: delta_m([1.0, 2.0], [1.0], [True]),
            ValueError,
            r"`scores` must have shape \(\.\.\., n_metrics\) = \(\.\.\., 1\); got \(2,\)\.",
        ),
        (
            lambda: delta_m([np.nan], [1.0], [True]),
            ValueError,
            r"`scores` must be finite numbers; got nan at index 0\.",
        ),
        (
            lambda: delta_m([1.0], [0.0], [True]),
            ValueError,
            r"`baseline` must not be 0, to which no gain is relative; got 0 at index 0\.",
        ),
        (
            lambda: delta_m([1.0], [np.nan], [True]),
            ValueError,
            r"`baseline` must be finite numbers; got nan at index 0\.",
        ),
        (
            lambda: delta_m([np.inf], [1.0], [True]),
            ValueError,
            r"`scores` must be finite numbers; got inf at index 0\.",
        ),
        (lambda: delta_m([], [], []), ValueError, r"`baseline` must hold at least one metric; got none\."),
        (
            lambda: delta_m(["0.9"], [0.8], [True]),
            TypeError,
            r"`scores` must hold numbers; got '0\.9' at index \(0,\)\.",
        ),
        (
            lambda: delta_m(NAMED, NAMED[["days", "price"]], [True, True]),
            ValueError,
            r"`baseline` must have the columns of `scores`, in that order; got 'days' where 'price' belongs\.",
        ),
        (
            lambda: delta_m(NAMED, [1.0, 1.0], pandas.Series({"days": True, "price": False})),
            ValueError,
            r"`higher_is_better` must have the columns of `scores`, in that order; got 'days' where 'price' belongs\.",
        ),
        (
            lambda: delta_m([1.0], [1.0], [True], better="up"),
            ValueError,
            r"`better` must be one of 'positive', 'negative'; got 'up'\.",
        ),
        (
            lambda: delta_m([1.0], [1.0], [True], task=[]),
            ValueError,
            r"`task` must have one entry per metric, 1; got 0\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()
