"""Metrics task by task, against scikit-learn."""

import numpy as np
import pandas
import pytest
import torch
from sklearn import metrics as sk
from sklearn.exceptions import UndefinedMetricWarning

from mtl_teach.metrics import per_task_metrics

RNG = np.random.default_rng(0)


TABLE = pandas.DataFrame({"price": [1.0, 3.0, None], "days": [10, 30, 50]}, index=["a", "b", "c"])
PREDICTED = TABLE.fillna(0.0).add([1.0, 5.0])
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
        ("y", "p", "mask"),
        [
            (TABLE, PREDICTED, None),
            (TABLE.convert_dtypes(), PREDICTED.convert_dtypes(), TABLE.notna().astype("boolean")),
            (TABLE.convert_dtypes().to_numpy(dtype=object), torch.tensor(PREDICTED.to_numpy()).requires_grad_(), None),
            (TABLE, pandas.DataFrame(PREDICTED.to_numpy()), TABLE.notna()),
        ],
        ids=["tables", "nullable", "objects and a tensor with a graph", "predictions with rows that count"],
    )
    def test_tables_and_tensors_with_gaps_are_taken_as_they_are(self, y, p, mask):
        np.testing.assert_allclose(per_task_metrics(y, p, METRICS, mask)["mae"], [1.0, 5.0])

    def test_an_undefined_metric_is_what_it_says_itself(self):
        for score, y, p in ((sk.r2_score, [[1.0]], [[1.0]]), (sk.roc_auc_score, [[1.0], [1.0]], [[0.1], [0.2]])):
            with pytest.warns(UndefinedMetricWarning):
                assert np.isnan(per_task_metrics(y, p, {"score": score})["score"][0])

    def test_what_a_metric_raises_is_told_with_the_metric_and_the_task(self):
        with pytest.raises(ValueError, match="only one label") as raised:
            per_task_metrics(TABLE.notna() * 1.0, TABLE.notna() * 0.5, {"log loss": sk.log_loss})
        assert raised.value.__notes__ == ["Raised by the metric 'log loss' of task 'days'."]


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
        (
            lambda: per_task_metrics(TABLE, PREDICTED[["days", "price"]], METRICS),
            ValueError,
            r"`y_pred` must have the columns of `y_true`, in that order; got 'days' where 'price' belongs\.",
        ),
        (
            lambda: per_task_metrics(TABLE, PREDICTED.iloc[::-1], METRICS),
            ValueError,
            r"`y_pred` must have the rows of `y_true`, in that order; got 'c' where 'a' belongs\.",
        ),
        (
            lambda: per_task_metrics(TABLE, PREDICTED, METRICS, TABLE.notna()[["days", "price"]]),
            ValueError,
            r"`mask` must have the columns of `y_true`, in that order; got 'days' where 'price' belongs\.",
        ),
        (
            lambda: per_task_metrics([[1.0]], [[1.0]], sk.r2_score),
            TypeError,
            r"`metrics` must be a mapping from name to callable; got function\.",
        ),
        (
            lambda: per_task_metrics(TABLE, PREDICTED, {"error": lambda y, p: y - p}),
            TypeError,
            r"`metrics` must return one number each; got ndarray from 'error' of task 'price'\.",
        ),
        (
            lambda: per_task_metrics([[1.0]], [[1.0]], {"nothing": lambda y, p: None}),
            TypeError,
            r"`metrics` must return one number each; got NoneType from 'nothing' of task 0\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()
