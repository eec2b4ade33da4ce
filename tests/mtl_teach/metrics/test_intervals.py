"""Intervals, against SciPy."""

import numpy as np
import pytest
from scipy import stats

from mtl_teach.metrics import Interval, mean_interval

RNG = np.random.default_rng(0)


class TestMeanInterval:
    def test_agrees_with_scipy(self):
        values = RNG.normal(size=(8, 3))
        interval = mean_interval(values, confidence=0.9)
        low, high = stats.t.interval(0.9, df=7, loc=values.mean(0), scale=stats.sem(values))
        np.testing.assert_allclose(interval.low, low)
        np.testing.assert_allclose(interval.high, high)

    def test_covers_the_truth_as_often_as_it_says(self):
        intervals = mean_interval(np.random.default_rng(1).normal(2.0, 1.0, size=(5, 20_000)))
        covered = np.mean((intervals.low <= 2.0) & (intervals.high >= 2.0))
        assert covered == pytest.approx(0.95, abs=0.007)

    def test_splits_of_one_data_set_that_share_rows_are_trusted_less(self):
        """The differences of two predictors on random splits: their variance is corrected to cover the truth."""
        rng, covered = np.random.default_rng(2), {0.0: 0, 0.5: 0}
        for _ in range(400):
            rows = rng.normal(size=60)
            means = [rows[rng.permutation(60)[:20]].mean() for _ in range(10)]  # 20 test rows for 40 training rows
            for ratio in covered:
                interval = mean_interval(means, test_to_train=ratio)
                covered[ratio] += bool(interval.low <= 0.0 <= interval.high)
        assert covered[0.0] < 0.75 * 400
        assert covered[0.5] > 0.9 * 400

    def test_equal_values_have_width_zero(self):
        assert mean_interval([3.0, 3.0]).half_width == 0.0

    def test_reads_as_mean_and_half_width(self):
        assert str(mean_interval([[0.0, 1.0], [0.0, 1.0]])) == "+0.000 ± 0.000, +1.000 ± 0.000"

    @pytest.mark.parametrize(("spec", "said"), [(".2f", "0.50 ± 0.25"), ("+.1f", "+0.5 ± 0.2"), ("", "+0.500 ± 0.250")])
    def test_is_formatted_as_a_number_is(self, spec, said):
        assert format(Interval(np.array(0.5), np.array(0.25)), spec) == said


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mean_interval([1.0]), ValueError, r"`values` must hold at least 2 repetitions; got shape \(1,\)\."),
        (lambda: mean_interval(1.0), ValueError, r"`values` must hold at least 2 repetitions; got shape \(\)\."),
        (lambda: mean_interval([1.0, np.nan]), ValueError, r"`values` must be finite; got nan at index 1\."),
        (
            lambda: mean_interval([1.0, 2.0], test_to_train=-0.5),
            ValueError,
            r"`test_to_train` must be non-negative; got -0\.5\.",
        ),
        (lambda: mean_interval([1.0, 2.0], 1.0), ValueError, r"`confidence` must lie in \(0, 1\); got 1\.0\."),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()
