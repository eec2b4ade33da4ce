"""Metrics: against scikit-learn and SciPy, and the traps of the aggregates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from sklearn import metrics as sk

from mtl_teach.metrics import Interval, ThresholdTuner, delta_m, mean_interval, per_task_metrics, zscore_aggregate

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

    def test_equal_values_have_width_zero(self):
        assert mean_interval([3.0, 3.0]).half_width == 0.0

    def test_reads_as_mean_and_half_width(self):
        assert str(mean_interval([[0.0, 1.0], [0.0, 1.0]])) == "+0.000 ± 0.000, +1.000 ± 0.000"

    @pytest.mark.parametrize(("spec", "said"), [(".2f", "0.50 ± 0.25"), ("+.1f", "+0.5 ± 0.2"), ("", "+0.500 ± 0.250")])
    def test_is_formatted_as_a_number_is(self, spec, said):
        assert format(Interval(np.array(0.5), np.array(0.25)), spec) == said


METRICS = {"r2": sk.r2_score, "mae": sk.mean_absolute_error}


class TestPerTaskMetrics:
    def test_agrees_with_scikit_learn_column_by_column(self):
        y, p = RNG.normal(size=(2, 30, 3))
        result = per_task_metrics(y, p, METRICS)
        np.testing.assert_allclose(result["r2"], sk.r2_score(y, p, multioutput="raw_values"))
        np.testing.assert_allclose(result["mae"], sk.mean_absolute_error(y, p, multioutput="raw_values"))

    def test_counts_observed_rows_only(self):
        y, p = RNG.normal(size=(2, 30, 2))
        y[::3, 1] = np.nan
        seen = ~np.isnan(y[:, 1])
        result = per_task_metrics(y, p, METRICS)
        assert result["r2"][1] == pytest.approx(sk.r2_score(y[seen, 1], p[seen, 1]))

    def test_a_mask_hides_labels_that_are_there(self):
        y, p = RNG.normal(size=(2, 30, 2))
        mask = RNG.random((30, 2)) < 0.5
        result = per_task_metrics(y, p, METRICS, mask)
        hidden = per_task_metrics(np.where(mask, y, np.nan), p, METRICS)
        np.testing.assert_allclose(result["mae"], hidden["mae"])

    def test_a_task_without_labels_is_nan_not_zero(self):
        result = per_task_metrics([[1.0, np.nan]], [[2.0, 0.0]], {"mae": sk.mean_absolute_error})
        np.testing.assert_array_equal(result["mae"], [1.0, np.nan])


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

    def test_a_single_model_scores_zero(self):
        np.testing.assert_array_equal(zscore_aggregate([[0.5, 3.0]], [True, False]), [0.0])

    @given(hnp.arrays(np.float64, (4, 3), elements=st.integers(-50, 50).map(float)))
    def test_rescaling_a_metric_changes_nothing(self, scores):
        better = [True, False, True]
        rescaled = zscore_aggregate(scores * [2.0, 1000.0, 0.5] + [1, -3, 7], better)
        np.testing.assert_allclose(rescaled, zscore_aggregate(scores, better), atol=1e-9)


class TestDeltaM:
    @pytest.mark.parametrize(
        ("score", "higher", "sign"),
        [(0.9, True, 1), (0.7, True, -1), (0.7, False, 1), (0.9, False, -1)],
        ids=["accuracy up", "accuracy down", "error down", "error up"],
    )
    def test_positive_is_better(self, score, higher, sign):
        assert np.sign(delta_m([score], [0.8], [higher])) == sign

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


SKLEARN_METRICS = {
    "f1": lambda y, d: sk.f1_score(y, d, zero_division=0),
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
}


class TestThresholdTuner:
    @pytest.mark.parametrize("metric", SKLEARN_METRICS)
    def test_no_threshold_of_a_fine_grid_does_better_by_scikit_learn(self, metric):
        p = RNG.random((200, 2))
        y = (RNG.random((200, 2)) < p**2).astype(float)
        tuner = ThresholdTuner(metric).fit(y, p)
        score = SKLEARN_METRICS[metric]
        for label in range(2):
            grid = max(score(y[:, label], p[:, label] >= t) for t in np.linspace(0, 1, 1001))
            assert score(y[:, label], tuner.predict(p)[:, label]) >= grid - 1e-12

    @pytest.mark.parametrize("metric", SKLEARN_METRICS)
    def test_named_and_callable_metrics_agree(self, metric):
        p = RNG.random((100, 1))
        y = (RNG.random((100, 1)) < p).astype(float)
        named, given_ = ThresholdTuner(metric).fit(y, p), ThresholdTuner(SKLEARN_METRICS[metric]).fit(y, p)
        np.testing.assert_array_equal(named.thresholds_, given_.thresholds_)

    def test_a_probability_equal_to_the_threshold_is_predicted_one(self):
        tuner = ThresholdTuner().fit([[0], [1]], [[0.2], [0.7]])
        assert tuner.predict([[tuner.thresholds_[0]]]) == 1

    def test_of_equally_good_thresholds_the_one_nearest_to_a_half(self):
        tuner = ThresholdTuner().fit([[0], [1]], [[0.1], [0.9]])
        assert tuner.thresholds_[0] == 0.5

    def test_missing_labels_are_left_out(self):
        p = np.array([[0.1], [0.3], [0.4], [0.8]])
        tuner = ThresholdTuner().fit([[0], [1], [np.nan], [1]], p)
        assert tuner.thresholds_[0] == 0.3

    def test_a_label_without_positives_keeps_one_half(self):
        assert ThresholdTuner().fit([[0], [0]], [[0.2], [0.4]]).thresholds_[0] == 0.5

    def test_tuned_on_six_positives_the_same_rows_flatter_it(self):
        """Optimism: F1 on the tuning rows exceeds F1 on fresh rows, on average over repetitions."""
        rng = np.random.default_rng(3)
        optimism = []
        for _ in range(100):
            logit = rng.normal(-4.5, 1.0, size=(2, 300, 1))
            p = 1 / (1 + np.exp(-logit))
            y = (rng.random(p.shape) < p).astype(float)
            if y[0].sum() == 0:
                continue
            tuner = ThresholdTuner().fit(y[0], p[0])
            scores = [SKLEARN_METRICS["f1"](y[i].ravel(), tuner.predict(p[i]).ravel()) for i in (0, 1)]
            optimism.append(scores[0] - scores[1])
        assert mean_interval(optimism).low > 0.05

    def test_predict_before_fit_is_refused(self):
        with pytest.raises(
            RuntimeError, match=r"`fit` must be called before `predict`; got an unfitted ThresholdTuner\."
        ):
            ThresholdTuner().predict([[0.5]])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mean_interval([1.0]), ValueError, r"`values` must hold at least 2 repetitions; got shape \(1,\)\."),
        (lambda: mean_interval(1.0), ValueError, r"`values` must hold at least 2 repetitions; got shape \(\)\."),
        (lambda: mean_interval([1.0, np.nan]), ValueError, r"`values` must be finite; got nan at index 1\."),
        (lambda: mean_interval([1.0, 2.0], 1.0), ValueError, r"`confidence` must lie in \(0, 1\); got 1\.0\."),
        (
            lambda: per_task_metrics([1.0], [1.0], {"mae": sk.mean_absolute_error}),
            ValueError,
            r"`y_true` must have shape \(n_samples, n_tasks\).*; got \(1,\)\.",
        ),
        (
            lambda: per_task_metrics([[1.0]], [[1.0, 2.0]], {"mae": sk.mean_absolute_error}),
            ValueError,
            r"`y_pred` must have shape \(n_samples, n_tasks\) = \(1, 1\); got \(1, 2\)\.",
        ),
        (
            lambda: per_task_metrics([[1.0]], [[1.0]], {"mae": sk.mean_absolute_error}, [True]),
            ValueError,
            r"`mask` must have shape \(n_samples, n_tasks\) = \(1, 1\); got \(1,\)\.",
        ),
        (
            lambda: per_task_metrics([[1.0]], [[1.0]], {"mae": sk.mean_absolute_error}, [[1.0]]),
            TypeError,
            r"`mask` must have a boolean dtype; got float64\.",
        ),
        (
            lambda: per_task_metrics([[1.0]], [[1.0]], {}),
            ValueError,
            r"`metrics` must name at least one metric; got none\.",
        ),
        (
            lambda: per_task_metrics([[np.nan]], [[1.0]], {"mae": sk.mean_absolute_error}, [[True]]),
            ValueError,
            r"`y_true` must be a number where `mask` is True; got nan at index \(0, 0\)\.",
        ),
        (
            lambda: per_task_metrics([[1.0]], [[np.nan]], {"mae": sk.mean_absolute_error}),
            ValueError,
            r"`y_pred` must be a number where a label is observed; got nan at index \(0, 0\)\.",
        ),
        (
            lambda: zscore_aggregate([1.0], [True]),
            ValueError,
            r"`scores` must have shape \(n_models, n_tasks\).*; got \(1,\)\.",
        ),
        (
            lambda: zscore_aggregate([[np.nan]], [True]),
            ValueError,
            r"`scores` must be numbers; got nan at index \(0, 0\)\.",
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
            r"`reference` must be numbers; got nan at index \(0, 0\)\.",
        ),
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
        (lambda: delta_m([np.nan], [1.0], [True]), ValueError, r"`scores` must be numbers; got nan at index 0\."),
        (lambda: delta_m([1.0], [0.0], [True]), ValueError, r"`baseline` must be positive; got 0 at index 0\."),
        (
            lambda: delta_m([1.0], [1.0], [True], task=[]),
            ValueError,
            r"`task` must have one entry per metric, 1; got 0\.",
        ),
        (
            lambda: ThresholdTuner("auc"),
            ValueError,
            r"`metric` must be one of 'f1', 'accuracy', 'balanced_accuracy'; got 'auc'\.",
        ),
        (
            lambda: ThresholdTuner().fit([1], [0.5]),
            ValueError,
            r"`y` must have shape \(n_samples, n_labels\).*; got \(1,\)\.",
        ),
        (
            lambda: ThresholdTuner().fit([[1]], [[0.5, 0.5]]),
            ValueError,
            r"`p` must have shape \(n_samples, n_labels\) = \(1, 1\); got \(1, 2\)\.",
        ),
        (
            lambda: ThresholdTuner().fit([[2]], [[0.5]]),
            ValueError,
            r"`y` must be 0, 1 or NaN; got 2 at index \(0, 0\)\.",
        ),
        (
            lambda: ThresholdTuner().fit([[1]], [[1.5]]),
            ValueError,
            r"`p` must lie in \[0, 1\]; got 1\.5 at index \(0, 0\)\.",
        ),
        (
            lambda: ThresholdTuner().fit([[1, np.nan]], [[0.5, 0.5]]),
            ValueError,
            r"`y` must have an observed row for every label; got 0 at index 1\.",
        ),
        (
            lambda: ThresholdTuner().fit([[0], [1]], [[0.2], [0.6]]).predict([[0.1, 0.2]]),
            ValueError,
            r"`p` must have shape \(n_samples, n_labels\) = \(any, 1\); got \(1, 2\)\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()
