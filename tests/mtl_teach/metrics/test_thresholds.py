"""Thresholds, against a fine grid by scikit-learn."""

import itertools

import numpy as np
import pandas
import pytest
import torch
from sklearn import metrics as sk

from mtl_teach.metrics import ThresholdTuner, mean_interval

RNG = np.random.default_rng(0)
LABELS = pandas.DataFrame({"sport": [0, 1, 1, None], "health": [1, 0, 1, 0]}, index=list("wxyz")).astype("Int64")
CHANCES = pandas.DataFrame({"sport": [0.1, 0.3, 0.7, 0.2], "health": [0.9, 0.2, 0.6, 0.4]}, index=list("wxyz"))


SKLEARN_METRICS = {
    "f1": lambda y, d: sk.f1_score(y, d, zero_division=0),
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "recall": sk.recall_score,
}
ROW_BY_ROW = {  # the same of labels and decisions, also where a class is missing
    "f1": lambda y, d: 2 * sum(y * d) / (sum(y) + sum(d)) if sum(y) + sum(d) else 0.0,
    "accuracy": lambda y, d: np.mean(y == d),
    "balanced_accuracy": lambda y, d: np.mean([np.mean(d[y == c] == c) for c in np.unique(y)]),
    "recall": lambda y, d: np.mean(d[y == 1]) if sum(y) else 0.0,
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

    @pytest.mark.parametrize("min_precision", [None, 0.4, 0.75])
    @pytest.mark.parametrize("metric", ROW_BY_ROW)
    def test_counting_from_a_sort_chooses_what_deciding_at_every_score_does(self, metric, min_precision):
        rng, score = np.random.default_rng(7), ROW_BY_ROW[metric]
        for rows, digits, share in itertools.product((1, 2, 7, 25), (1, 2), (0.0, 0.3, 1.0)):
            p = rng.random(rows).round(digits)  # many ties
            y = (rng.random(rows) < share).astype(float)
            tried = np.unique([*p, 0.5, np.inf])
            if min_precision is not None:
                tried = [t for t in tried if (p >= t).any() and y[p >= t].mean() >= min_precision]
            values = np.array([score(y, (p >= t).astype(float)) for t in tried])
            best = [t for t, value in zip(tried, values) if value >= values.max() - 1e-12]
            want = min(best, key=lambda t: abs(t - 0.5)) if min_precision is None else max(best, default=np.inf)
            assert ThresholdTuner(metric, min_precision).fit(y[:, None], p[:, None]).thresholds_[0] == want

    def test_a_probability_equal_to_the_threshold_is_predicted_one(self):
        tuner = ThresholdTuner().fit([[0], [1]], [[0.2], [0.7]])
        assert tuner.predict([[tuner.thresholds_[0]]]) == 1

    def test_of_equally_good_thresholds_the_one_nearest_to_a_half(self):
        tuner = ThresholdTuner().fit([[0], [1]], [[0.1], [0.9]])
        assert tuner.thresholds_[0] == 0.5

    @pytest.mark.parametrize("min_precision", [0.3, 0.6, 0.9])
    def test_a_promise_is_kept_with_the_highest_recall_that_keeps_it(self, min_precision):
        p = RNG.random((200, 1)).round(2)
        y = (RNG.random((200, 1)) < p**2).astype(float)
        tuner = ThresholdTuner("recall", min_precision=min_precision).fit(y, p)
        precision, recall, at = sk.precision_recall_curve(y.ravel(), p.ravel())
        kept = precision[:-1] >= min_precision
        best = recall[:-1][kept].max()
        decision = tuner.predict(p).ravel()
        assert sk.precision_score(y.ravel(), decision) >= min_precision
        assert sk.recall_score(y.ravel(), decision) == best
        assert tuner.thresholds_[0] == at[kept & (recall[:-1] == best)].max()

    def test_a_promise_that_nothing_keeps_flags_nothing_for_this_label_alone(self):
        y, p = np.array([[1, 0], [0, 1], [0, 1]]), np.array([[0.2, 0.1], [0.7, 0.6], [0.9, 0.8]])
        tuner = ThresholdTuner("recall", min_precision=0.8).fit(y, p)
        np.testing.assert_array_equal(tuner.thresholds_, [np.inf, 0.6])
        np.testing.assert_array_equal(tuner.predict(p), [[0, 0], [0, 1], [0, 1]])

    def test_a_label_without_positives_keeps_no_promise(self):
        assert ThresholdTuner(min_precision=0.1).fit([[0], [0]], [[0.2], [0.7]]).thresholds_[0] == np.inf

    def test_flagging_nothing_is_chosen_where_it_is_best(self):
        """Confident mistakes above the only positive: every threshold that flags something does worse."""
        y, p = np.array([[0], [0], [1], [0]]), np.array([[0.9], [0.8], [0.1], [0.7]])
        tuner = ThresholdTuner("accuracy").fit(y, p)
        assert tuner.thresholds_[0] == np.inf
        assert sk.accuracy_score(y, tuner.predict(p)) == 0.75

    def test_a_promise_is_kept_by_a_precision_that_equals_it_but_for_rounding(self):
        """1 - 0.7 is 0.30000000000000004, and 3 of 10 is 0.3."""
        y = np.array([[1]] * 3 + [[0]] * 7)
        assert ThresholdTuner("recall", min_precision=1 - 0.7).fit(y, np.full((10, 1), 0.6)).thresholds_[0] == 0.6

    def test_tables_with_gaps_and_tensors_give_the_thresholds_of_arrays(self):
        y, p = LABELS.to_numpy(float, na_value=np.nan), CHANCES.to_numpy()
        want = ThresholdTuner().fit(y, p)
        tuner = ThresholdTuner().fit(LABELS, CHANCES.convert_dtypes())
        assert tuner.label_names_ == ["sport", "health"]
        np.testing.assert_array_equal(tuner.thresholds_, want.thresholds_)
        np.testing.assert_array_equal(tuner.predict(CHANCES), want.predict(p))
        tensors = ThresholdTuner().fit(torch.tensor(y), torch.tensor(p, requires_grad=True))
        np.testing.assert_array_equal(tensors.thresholds_, want.thresholds_)

    def test_a_probability_may_be_missing_where_the_label_is(self):
        y, p = np.array([[0.0], [1.0], [np.nan]]), np.array([[0.2], [0.7], [np.nan]])
        assert ThresholdTuner().fit(y, p).thresholds_[0] == 0.5

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
        (
            lambda: ThresholdTuner(min_precision=0.0),
            ValueError,
            r"`min_precision` must lie in \(0, 1\]; got 0\.",
        ),
        (
            lambda: ThresholdTuner("auc"),
            ValueError,
            r"`metric` must be one of 'f1', 'accuracy', 'balanced_accuracy', 'recall'; got 'auc'\.",
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
        (
            lambda: ThresholdTuner().fit([[0], [1]], [[0.2], [0.6]]).predict([[-2.5]]),
            ValueError,
            r"`p` must lie in \[0, 1\]; got -2\.5 at index \(0, 0\)\.",
        ),
        (
            lambda: ThresholdTuner().fit([[0], [1]], [[0.2], [0.6]]).predict([[np.nan]]),
            ValueError,
            r"`p` must lie in \[0, 1\]; got nan at index \(0, 0\)\.",
        ),
        (
            lambda: ThresholdTuner().fit(LABELS, CHANCES[["health", "sport"]]),
            ValueError,
            r"`p` must have the columns of `y`, in that order; got 'health' where 'sport' belongs\.",
        ),
        (
            lambda: ThresholdTuner().fit(LABELS, CHANCES.iloc[::-1]),
            ValueError,
            r"`p` must have the rows of `y`, in that order; got 'z' where 'w' belongs\.",
        ),
        (
            lambda: ThresholdTuner().fit(LABELS, CHANCES).predict(CHANCES[["health", "sport"]]),
            ValueError,
            r"`p` must have the columns of the fitted labels, in that order; got 'health' where 'sport' belongs\.",
        ),
        (
            lambda: ThresholdTuner(lambda y, d: np.nan).fit([[0], [1]], [[0.2], [0.6]]),
            ValueError,
            r"`metric` must return a number for every threshold; got nan at index 0\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()
