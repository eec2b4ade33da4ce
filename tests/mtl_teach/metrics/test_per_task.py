"""Metrics task by task, against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as sk

from mtl_teach.metrics import per_task_metrics

RNG = np.random.default_rng(0)


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


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
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
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()
