"""Target scaling, against scikit-learn's scalers and the errors of the source document."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import skew
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from mtl_teach.scaling import LogScaler, TargetScaler, variance_weights

ORACLES = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}
TABLE = pandas.DataFrame({"price": [1.0, 3.0, None], "days": [10, 30, 50]}, index=["a", "b", "c"])
TWO_TASKS = np.array([[10.0, 100.0], [20.0, 200.0], [30.0, 300.0], [40.0, 400.0], [50.0, 500.0]])


@pytest.fixture
def labels():
    """Labels (200, 3) of very different sizes with a third of them missing."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=(200, 3)) * [1e-3, 1.0, 1e6] + [5.0, -3.0, 1e7]
    y[rng.random(y.shape) < 0.3] = np.nan
    return y


@pytest.mark.parametrize("method", ORACLES)
def test_scaling_equals_scikit_learn(method, labels):
    oracle = ORACLES[method]().fit(labels)
    scaler = TargetScaler(method).fit(labels)
    z = scaler.transform(labels)
    np.testing.assert_allclose(z, oracle.transform(labels), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(scaler.inverse_transform(z), oracle.inverse_transform(z), rtol=1e-12)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("minmax", [0, 0.25, 0.5, 0.75, 1]),
        ("standard", [-1.41421356, -0.70710678, 0, 0.70710678, 1.41421356]),
    ],
    ids=["example 1", "example 2"],
)
def test_the_source_documents_examples_come_out_for_both_tasks(method, expected):
    z = TargetScaler(method).fit(TWO_TASKS).transform(TWO_TASKS)
    np.testing.assert_allclose(z[:, 0], expected, atol=1e-8)
    np.testing.assert_allclose(z[:, 1], expected, atol=1e-8)


def test_the_third_example_keeps_the_outlier_at_23_5():
    y = np.array([[10.0], [20.0], [30.0], [40.0], [500.0]])
    z = TargetScaler("robust").fit(y).transform(y)
    np.testing.assert_allclose(z[:, 0], [-1, -0.5, 0, 0.5, 23.5])


def test_every_task_keeps_its_own_scale_where_one_reused_scaler_forgets_the_first():
    scaler = TargetScaler("minmax").fit(TWO_TASKS)
    back = scaler.inverse_transform(scaler.transform(TWO_TASKS))
    np.testing.assert_allclose(back, TWO_TASKS)
    reused = MinMaxScaler()
    first = reused.fit_transform(TWO_TASKS[:, :1])
    reused.fit_transform(TWO_TASKS[:, 1:])
    np.testing.assert_allclose(reused.inverse_transform(first)[:, 0], [100, 200, 300, 400, 500])


def test_joint_and_separate_fitting_are_the_same(labels):
    joint = TargetScaler().fit(labels).transform(labels)
    separate = [TargetScaler().fit(labels[:, [t]]).transform(labels[:, [t]]) for t in range(3)]
    np.testing.assert_array_equal(joint, np.hstack(separate))


def test_test_rows_are_scaled_with_what_the_training_rows_taught():
    train, test = TWO_TASKS[:3], TWO_TASKS[3:]
    scaler = TargetScaler("minmax").fit(train)
    np.testing.assert_allclose(scaler.transform(test), [[1.5, 1.5], [2.0, 2.0]])
    np.testing.assert_array_equal(scaler.location_, [10.0, 100.0])


def test_a_standard_deviation_is_scaled_and_never_shifted(labels):
    scaler = TargetScaler().fit(labels)
    rmse = np.array([0.5, 0.5, 0.5])
    np.testing.assert_allclose(scaler.inverse_std(rmse), 0.5 * np.nanstd(labels, axis=0))
    rows = np.tile(rmse, (4, 1))
    np.testing.assert_array_equal(scaler.inverse_std(rows), np.tile(scaler.inverse_std(rmse), (4, 1)))


def test_an_rmse_in_units_is_the_rmse_of_the_predictions_in_units(labels):
    scaler = TargetScaler().fit(labels)
    z = scaler.transform(labels)
    pred = z + np.random.default_rng(1).normal(size=z.shape)
    rmse_scaled = np.sqrt(np.nanmean((pred - z) ** 2, axis=0))
    rmse_units = np.sqrt(np.nanmean((scaler.inverse_transform(pred) - labels) ** 2, axis=0))
    np.testing.assert_allclose(scaler.inverse_std(rmse_scaled), rmse_units, rtol=1e-8)


def test_a_missing_label_stays_missing_and_the_input_stays_untouched(labels):
    before = labels.copy()
    scaler = TargetScaler("robust").fit(labels)
    z = scaler.transform(labels)
    np.testing.assert_array_equal(np.isnan(z), np.isnan(labels))
    np.testing.assert_array_equal(np.isnan(scaler.inverse_transform(z)), np.isnan(labels))
    np.testing.assert_array_equal(labels, before)


def test_an_affine_scaler_keeps_the_skew_exactly():
    y = np.random.default_rng(0).lognormal(size=(500, 1))
    for method in ORACLES:
        assert skew(TargetScaler(method).fit(y).transform(y))[0] == pytest.approx(skew(y)[0])


@pytest.mark.parametrize("sequence", [list, tuple])
def test_each_task_can_have_its_own_method(sequence, labels):
    methods = ["standard", "minmax", "none"]
    z = TargetScaler(sequence(methods)).fit(labels).transform(labels)
    for task, method in enumerate(methods):
        alone = TargetScaler(method).fit(labels[:, [task]]).transform(labels[:, [task]])
        np.testing.assert_array_equal(z[:, [task]], alone)
    np.testing.assert_array_equal(z[:, 2], labels[:, 2])


def test_fitting_again_starts_afresh():
    scaler = TargetScaler().fit(TWO_TASKS * 7)
    np.testing.assert_array_equal(scaler.fit(TWO_TASKS).location_, [30.0, 300.0])


@pytest.mark.parametrize("method", ["standard", "minmax", "robust"])
@pytest.mark.parametrize("constant", [0.1, 5.0, -1e9, 1 / 3])
def test_equal_labels_become_exactly_zero_whatever_their_deviation_is_computed_as(method, constant):
    y = np.column_stack([np.arange(3.0), np.full(3, constant)])
    scaler = TargetScaler(method).fit(y)
    assert (scaler.location_[1], scaler.scale_[1]) == (constant, 1.0)
    np.testing.assert_array_equal(scaler.transform(y)[:, 1], 0.0)


@pytest.mark.parametrize("method", ["standard", "minmax", "robust"])
def test_labels_that_are_equal_but_for_the_last_bit_have_no_spread(method):
    """3 * 0.1 and 0.3 differ by rounding; their deviation is no unit."""
    y = np.array([[3 * 0.1], [0.3], [0.3]])
    scaler = TargetScaler(method).fit(y)
    assert scaler.scale_[0] == 1.0
    np.testing.assert_allclose(scaler.transform(y), 0.0, atol=1e-15)
    with pytest.raises(ValueError, match=r"`y` must have a spread above 0, .*; got a spread of 0 for task 0\."):
        variance_weights(y)


def test_a_small_spread_on_a_large_offset_is_a_spread():
    y = 1e6 + 1e-6 * np.random.default_rng(0).normal(size=(1000, 1))
    scaler = TargetScaler().fit(y)
    assert scaler.scale_[0] == pytest.approx(1e-6, rel=0.1)
    assert scaler.transform(y).std() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("function", "y", "spread"),
    [
        (TargetScaler().fit, [[1e200], [-1e200]], "inf"),
        (TargetScaler("minmax").fit, [[1.7e308], [-1.7e308]], "inf"),
        (TargetScaler().fit, [[1e-200], [3e-200]], "0"),
        (variance_weights, [[1e200], [-1e200]], "inf"),
        (variance_weights, [[1e-200], [3e-200]], "0"),
    ],
    ids=["deviation overflows", "range overflows", "deviation vanishes", "variance overflows", "variance vanishes"],
)
def test_a_spread_that_no_float_can_hold_is_named(function, y, spread):
    with pytest.raises(
        ValueError, match=rf"one that a float can hold, in every task; got a spread of {spread} for task 0"
    ):
        function(y)


def test_equal_labels_left_in_their_units_stay_as_they_are():
    y = np.full((3, 1), 5.0)
    np.testing.assert_array_equal(TargetScaler("none").fit(y).transform(y), y)


@given(
    hnp.arrays(float, (6, 2), elements=st.floats(-1e6, 1e6)).filter(lambda y: (np.ptp(y, axis=0) > 1e-3).all()),
    st.sampled_from(["standard", "minmax", "none"]),
)
def test_back_and_forth_is_the_identity(y, method):
    scaler = TargetScaler(method).fit(y)
    np.testing.assert_allclose(scaler.inverse_transform(scaler.transform(y)), y, rtol=1e-9, atol=1e-9)


@given(
    hnp.arrays(float, (6, 1), elements=st.floats(-1e3, 1e3)).filter(lambda y: np.ptp(y) > 1e-2),
    st.floats(0.1, 1e3),
    st.floats(-1e3, 1e3),
)
def test_units_and_offsets_do_not_change_what_comes_out(y, scale, offset):
    z = TargetScaler().fit(y).transform(y)
    np.testing.assert_allclose(TargetScaler().fit(scale * y + offset).transform(scale * y + offset), z, atol=1e-6)


# --- logarithms ---


def lognormal(rows, spread, seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(rows, 1))
    return z, np.exp(2.0 + 0.8 * z + spread * rng.normal(size=(rows, 1)))


def test_the_logarithm_is_standardised_and_comes_back():
    y = np.array([[1.0, 5.0], [10.0, np.nan], [100.0, 500.0]])
    scaler = LogScaler().fit(y)
    z = scaler.transform(y)
    np.testing.assert_allclose(np.nanmean(z, axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.nanstd(z, axis=0), 1.0)
    np.testing.assert_allclose(scaler.inverse_transform(z), y)


def test_the_way_back_is_the_median_and_smearing_makes_it_the_mean():
    spread = 0.9
    x, y = lognormal(20_000, spread, seed=1)
    scaler = LogScaler().fit(y)
    predicted = (2.0 + 0.8 * x - scaler.location_) / scaler.scale_  # the true mean of the scaled logarithm
    medians, means = scaler.inverse_transform(predicted), scaler.fit_smearing(y, predicted).inverse_mean(predicted)
    assert np.mean(y < medians) == pytest.approx(0.5, abs=0.02)
    assert scaler.smearing_[0] == pytest.approx(np.exp(spread**2 / 2), rel=0.03)
    assert means.mean() == pytest.approx(y.mean(), rel=0.03)
    assert medians.mean() < 0.75 * y.mean()


def test_fitting_again_forgets_the_smearing_factor():
    x, y = lognormal(50, 0.5, seed=2)
    scaler = LogScaler().fit(y).fit_smearing(y, x)
    with pytest.raises(ValueError, match=r"`LogScaler` must learn its smearing factor first, by `fit_smearing"):
        scaler.fit(y).inverse_mean(x)


def test_equal_labels_have_a_logarithm_too():
    y = np.full((3, 1), 0.1)
    np.testing.assert_array_equal(LogScaler().fit(y).transform(y), 0.0)


def test_smearing_takes_the_rows_with_a_label_and_a_prediction_for_each():
    y = pandas.DataFrame({"a": [1.0, None, 100.0], "b": [2.0, 3.0, 4.0]}, index=list("xyz"))
    scaler = LogScaler().fit(y)
    z = pandas.DataFrame({"a": [0.0, np.nan, 0.0], "b": [0.1, 0.2, 0.3]}, index=list("xyz"))
    factor = np.exp(scaler.scale_ * (scaler.transform(y) - z)).mean()
    np.testing.assert_allclose(scaler.fit_smearing(y, z).smearing_, factor)
    means = scaler.inverse_mean(z)
    pandas.testing.assert_frame_equal(means, scaler.inverse_transform(z) * scaler.smearing_)


@pytest.mark.parametrize(
    ("z", "message"),
    [
        (np.zeros((1, 2)), r"`z` must have shape \(n_samples, n_tasks\) = \(3, 2\); got \(1, 2\)\."),
        (
            [[0.0, 0.0], [0.0, 0.0], [0.0, np.nan]],
            r"`z` must be finite where there is a label; got nan at index \(2, 1\)",
        ),
        (TABLE.fillna(0.0).iloc[::-1], r"`z` must have the rows of `y`, in that order; got 'c' where 'a' belongs\."),
        (TABLE[["days", "price"]], r"`z` must have the columns of the fitted labels, .*'days' where 'price' belongs\."),
    ],
    ids=["one row for all", "no prediction", "other rows", "other columns"],
)
def test_predictions_that_do_not_belong_to_the_labels_are_refused_for_smearing(z, message):
    with pytest.raises(ValueError, match=message):
        LogScaler().fit(TABLE).fit_smearing(TABLE, z)


@pytest.mark.parametrize("label", [0.0, -1.0])
def test_a_label_without_a_logarithm_is_named(label):
    with pytest.raises(ValueError, match=r"`y` must be positive to have a logarithm; got .* at index \(1, 0\)\."):
        LogScaler().fit([[1.0], [label]])
    with pytest.raises(ValueError, match=r"`y` must be positive to have a logarithm"):
        LogScaler().fit([[1.0], [2.0]]).transform([[1.0], [label]])


def test_an_unfitted_log_scaler_says_so():
    with pytest.raises(ValueError, match=r"`LogScaler` must be fitted first, by `fit\(y\)`; got an unfitted scaler\."):
        LogScaler().transform([[1.0]])


# --- tables ---


@pytest.mark.parametrize("scaler", [TargetScaler("standard"), TargetScaler("minmax"), LogScaler()])
@pytest.mark.parametrize("table", [TABLE, TABLE.convert_dtypes()], ids=["NaN", "pandas.NA"])
def test_a_table_goes_in_and_comes_out_with_its_names_and_gaps(scaler, table):
    z = scaler.fit(table).transform(table)
    back = scaler.inverse_transform(z)
    assert (list(z.columns), list(z.index)) == (["price", "days"], ["a", "b", "c"])
    assert list(back.columns) == ["price", "days"]
    np.testing.assert_allclose(back.to_numpy(), TABLE.to_numpy(float))
    assert z.isna().to_numpy().sum() == 1


OTHER_COLUMNS = {
    "order": (TABLE[["days", "price"]], "'days' where 'price' belongs"),
    "missing": (TABLE[["price"]], "none where 'days' belongs"),
    "extra": (TABLE.assign(sold=1.0), "'sold' after the last of them"),
    "renamed": (TABLE.rename(columns={"days": "weeks"}), "'weeks' where 'days' belongs"),
}


@pytest.mark.parametrize("scaler", [TargetScaler(), LogScaler()], ids=["target", "log"])
@pytest.mark.parametrize(("table", "got"), OTHER_COLUMNS.values(), ids=OTHER_COLUMNS)
def test_a_table_with_other_columns_than_the_fitted_one_is_refused(scaler, table, got):
    scaler.fit(TABLE)
    for name, function in (("y", scaler.transform), ("z", scaler.inverse_transform)):
        message = rf"`{name}` must have the columns of the fitted labels, in that order; got {got}\."
        with pytest.raises(ValueError, match=message):
            function(table)


def test_an_array_is_taken_by_position_and_fitting_on_one_forgets_the_names():
    scaler = TargetScaler().fit(TABLE)
    np.testing.assert_array_equal(scaler.transform(TABLE.to_numpy(float)), scaler.transform(TABLE).to_numpy())
    assert scaler.task_names_ == ["price", "days"]
    assert scaler.fit(TWO_TASKS).task_names_ is None
    assert list(scaler.transform(TABLE[["days", "price"]]).columns) == ["days", "price"]


def test_rows_may_be_chosen_and_reordered_before_the_way_back():
    scaler = TargetScaler().fit(TABLE)
    back = scaler.inverse_transform(scaler.transform(TABLE).loc[["c", "a"]])
    pandas.testing.assert_frame_equal(back, TABLE.astype(float).loc[["c", "a"]])


def test_methods_by_the_names_of_the_columns_are_those_of_the_columns():
    by_name = TargetScaler({"days": "none", "price": "minmax"}).fit(TABLE)
    np.testing.assert_array_equal(
        by_name.transform(TABLE), TargetScaler(["minmax", "none"]).fit(TABLE).transform(TABLE)
    )


@pytest.mark.parametrize("y", [TABLE, TABLE.to_numpy(float), TABLE.assign(sold=1.0)], ids=["name", "array", "too few"])
def test_methods_by_names_that_do_not_fit_are_refused(y):
    with pytest.raises(ValueError, match=r"`method` must name one method for each of the \d tasks.*; got \{'price'"):
        TargetScaler({"price": "minmax", "weeks": "none"}).fit(y)


def test_a_series_of_errors_is_scaled_by_its_names():
    scaler = TargetScaler("minmax").fit(TABLE)
    scaled = scaler.inverse_std(pandas.Series({"price": 0.5, "days": 0.25}))
    assert scaled.to_dict() == {"price": 1.0, "days": 10.0}
    with pytest.raises(ValueError, match=r"`std` must have the columns of the fitted labels, .*'days' where 'price'"):
        scaler.inverse_std(pandas.Series({"days": 0.25, "price": 0.5}))


def test_a_table_of_errors_is_scaled_too():
    scaler = TargetScaler("minmax").fit(TABLE)
    errors = pandas.DataFrame({"price": [0.5], "days": [0.25]})
    np.testing.assert_allclose(scaler.inverse_std(errors).to_numpy(), [[1.0, 10.0]])


def test_a_table_has_variance_weights():
    np.testing.assert_allclose(variance_weights(TABLE), 1 / np.nanvar(TABLE.to_numpy(float), axis=0))


# --- what scikit-learn asks of a transformer ---


@pytest.mark.parametrize("scaler", [TargetScaler(["minmax", "none"]), TargetScaler("robust"), LogScaler()], ids=repr)
def test_a_copy_has_the_same_settings_and_nothing_fitted_unless_it_is_pickled(scaler):
    fitted = copy.deepcopy(scaler).fit(TWO_TASKS)
    fresh = clone(fitted)
    assert fresh.get_params() == scaler.get_params()
    assert not hasattr(fresh, "scale_")
    back = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(back.transform(TWO_TASKS), fresh.fit_transform(TWO_TASKS))


def test_settings_are_checked_when_they_are_changed():
    assert repr(TargetScaler().set_params(method="robust")) == "TargetScaler(method='robust')"
    with pytest.raises(ValueError, match=r"`method` must be one of 'standard', .*; got 'zscore'\."):
        TargetScaler().set_params(method="zscore")
    with pytest.raises(TypeError, match="unexpected keyword argument 'how'"):
        TargetScaler().set_params(how="robust")


def test_scikit_learn_scales_labels_with_it_in_every_fold():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    Y = X @ rng.normal(size=(3, 2)) * [1.0, 1e4] + [5.0, 1e6] + rng.normal(size=(60, 2)) * [0.1, 1e3]
    ours = make_pipeline(StandardScaler(), TransformedTargetRegressor(Ridge(3.0), transformer=TargetScaler()))
    theirs = make_pipeline(StandardScaler(), TransformedTargetRegressor(Ridge(3.0), transformer=StandardScaler()))
    np.testing.assert_allclose(cross_val_predict(ours, X, Y), cross_val_predict(theirs, X, Y), rtol=1e-9)
    grid = {"transformedtargetregressor__transformer__method": ["minmax", "standard"]}
    assert set(GridSearchCV(ours, grid, cv=3).fit(X, Y).best_params_) == set(grid)


# --- variance weights ---


def test_variance_weights_are_one_over_the_variance_of_the_observed_labels(labels):
    np.testing.assert_allclose(variance_weights(labels), 1 / np.nanvar(labels, axis=0))


def test_the_mean_predictor_has_a_weighted_loss_of_one_in_every_task(labels):
    mse = np.nanmean((labels - np.nanmean(labels, axis=0)) ** 2, axis=0)
    np.testing.assert_allclose(variance_weights(labels) * mse, 1.0)


@given(st.floats(0.01, 100.0))
def test_a_label_c_times_as_large_gets_a_weight_c_squared_times_as_small(c):
    np.testing.assert_allclose(variance_weights(c * TWO_TASKS), variance_weights(TWO_TASKS) / c**2)


# --- bad input ---


@pytest.mark.parametrize("function", [TargetScaler().fit, variance_weights], ids=["fit", "variance_weights"])
@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (np.ones(8), ValueError, r"`y` must have shape \(n_samples, n_tasks\); got \(8,\)\."),
        (
            np.array([[1.0, np.inf], [2.0, 3.0]]),
            ValueError,
            r"`y` must be finite, or NaN where a label is missing; got inf at index \(0, 1\)\.",
        ),
        (
            np.array([[1.0, np.nan], [2.0, np.nan]]),
            ValueError,
            r"`y` must have at least one label per task; got none for task 1\.",
        ),
        (np.empty((2, 0)), ValueError, r"`y` must have at least one task; got none\."),
        (np.empty((0, 2)), ValueError, r"`y` must have at least one label per task; got none for task 0\."),
        (np.array([["a", "b"]]), TypeError, r"`y` must hold numbers; got 'a' at index \(0, 0\)\."),
    ],
    ids=["vector", "infinity", "no label", "no task", "no row", "words"],
)
def test_bad_labels_are_named(function, y, error, message):
    with pytest.raises(error, match=message):
        function(y)


@pytest.mark.parametrize("constant", [0.1, 5.0])
def test_equal_labels_have_no_variance_to_weigh_by(constant):
    with pytest.raises(ValueError, match=r"`y` must have a spread above 0, .*; got a spread of 0 for task 1\."):
        variance_weights(np.array([[1.0, constant], [2.0, constant], [3.0, constant]]))


def test_labels_that_are_half_constant_have_no_robust_scale():
    y = np.array([[0.0], [0.0], [0.0], [0.0], [9.0]])
    with pytest.raises(ValueError, match=r"`y` must have a spread above 0, .*; got a spread of 0 for task 0\."):
        TargetScaler("robust").fit(y)
    assert TargetScaler("standard").fit(y).scale_[0] > 0


@pytest.mark.parametrize("method", ["zscore", None, 3, ["standard", "z"]], ids=["word", "None", "number", "in list"])
def test_an_unknown_method_is_named(method):
    with pytest.raises(ValueError, match=r"`method` must be one of 'standard', 'minmax', 'robust', 'none'; got "):
        TargetScaler(method)


def test_one_method_too_few_is_named():
    with pytest.raises(ValueError, match=r"`method` must name one method for each of the 2 tasks; got \['none'\]\."):
        TargetScaler(["none"]).fit(TWO_TASKS)


@pytest.mark.parametrize("name", ["transform", "inverse_transform", "inverse_std"])
def test_an_unfitted_scaler_says_so(name):
    message = r"`TargetScaler` must be fitted first, by `fit\(y\)`; got an unfitted scaler\."
    with pytest.raises(ValueError, match=message):
        getattr(TargetScaler(), name)(TWO_TASKS)


@pytest.mark.parametrize(("name", "argument"), [("transform", "y"), ("inverse_transform", "z"), ("inverse_std", "std")])
def test_another_number_of_tasks_is_named(name, argument):
    scaler = TargetScaler().fit(TWO_TASKS)
    message = rf"`{argument}` must have shape \(n_samples, n_tasks\) = \(any, 2\); got \(4, 3\)\."
    with pytest.raises(ValueError, match=message):
        getattr(scaler, name)(np.ones((4, 3)))


def test_a_negative_standard_deviation_is_named():
    with pytest.raises(ValueError, match=r"`std` must be non-negative; got -1 at index 1\."):
        TargetScaler().fit(TWO_TASKS).inverse_std(np.array([1.0, -1.0]))


# --- cost of the import ---


def test_scaling_needs_neither_torch_nor_scikit_learn():
    code = "import sys, mtl_teach.scaling; sys.exit('torch' in sys.modules or 'sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_package_costs_under_50_ms_beyond_numpy():
    code = (
        "import numpy, time; start = time.process_time(); import mtl_teach, mtl_teach.scaling;"
        "print(time.process_time() - start)"
    )
    times = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(3)]
    assert min(times) < 0.05
