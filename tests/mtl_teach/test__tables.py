"""Numbers out of every form that people bring, names that must agree, and results in the same form."""

import datetime
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas
import pytest
import torch
from sklearn.metrics import r2_score

from mtl_teach._tables import as_floats, as_mask, check_names, check_rows, like, names_of
from mtl_teach.losses import labels_and_mask, masked_loss
from mtl_teach.metrics import per_task_metrics
from mtl_teach.models import HardSharing
from mtl_teach.scaling import TargetScaler
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum

NAN = float("nan")
NUMBERS = pandas.DataFrame({"a": [1.0, None], "b": [3.0, 4.0]}, index=["x", "y"])
EXPECTED = np.array([[1.0, 3.0], [NAN, 4.0]])

FORMS = {
    "DataFrame": NUMBERS,
    "nullable DataFrame": NUMBERS.convert_dtypes(),
    "objects with pandas.NA": NUMBERS.convert_dtypes().astype(object),
    "array with pandas.NA": NUMBERS.convert_dtypes().to_numpy(dtype=object),
    "objects with None": np.array([[1, 3], [None, 4]], dtype=object),
    "list with None": [[1, 3], [None, 4]],
    "decimals": pandas.DataFrame({"a": [Decimal(1), None], "b": [Decimal(3), Decimal(4)]}),
    "fractions": [[Fraction(1), Fraction(3)], [None, Fraction(4)]],
    "categories of integers": pandas.DataFrame({"a": pandas.Categorical([1, None]), "b": [3, 4]}),
    "Fortran order": np.asfortranarray(EXPECTED),
    "every other column": np.repeat(EXPECTED, 2, axis=1)[:, ::2],
    "float32": EXPECTED.astype(np.float32),
    "tensor": torch.tensor(EXPECTED),
    "bfloat16 tensor": torch.tensor(EXPECTED).bfloat16(),
    "tensor with a graph": torch.tensor(EXPECTED, requires_grad=True) * 1.0,
    "columns of two names": NUMBERS.set_axis(pandas.MultiIndex.from_tuples([("t", 1), ("t", 2)]), axis=1),
    "columns of one name": NUMBERS.set_axis(["a", "a"], axis=1),
    "sparse": NUMBERS.astype(pandas.SparseDtype(float)),
}


@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_the_same_numbers_come_out_of_every_form(value):
    floats = as_floats("y", value)
    assert floats.dtype == np.float64
    np.testing.assert_array_equal(floats, EXPECTED)


@pytest.mark.parametrize("dtype", ["boolean", bool, "Int64", "uint8"])
def test_truth_values_and_integers_are_numbers(dtype):
    np.testing.assert_array_equal(as_floats("y", pandas.DataFrame({"a": [1, 0]}, dtype=dtype)), [[1.0], [0.0]])


DAYS = ["2020-01-01", "2021-01-01"]


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (pandas.DataFrame({"a": [1.0, 2.0], "b": ["1", "2"]}), r"'1' in column 'b'\."),
        (pandas.DataFrame({"a": [1.0, 2.0], "b": pandas.Categorical(["low", "high"])}), r"'low' in column 'b'\."),
        (np.array([["1"], ["2"]]), r"'1' at index \(0, 0\)\."),
        ("12", r"'12'\."),
        (pandas.DataFrame({"sold": pandas.to_datetime(DAYS)}), r"datetime64\[\w+\] in column 'sold'\."),
        (pandas.DataFrame({"for": pandas.to_timedelta([1, 2], unit="D")}), r"timedelta64\[\w+\] in column 'for'\."),
        (pandas.DataFrame({"p": pandas.period_range("2020-01", periods=2, freq="M")}), r"Period\(.* in column 'p'\."),
        (np.array(DAYS, dtype="datetime64[D]"), r"datetime64\[D\]\."),
        ([[datetime.date(2020, 1, 1)]], r"datetime\.date\(2020, 1, 1\) at index \(0, 0\)\."),
        (np.array([[1j]]), r"complex128\."),
        (torch.tensor([1j]), r"complex64\."),
        ([[1.0], [1.0, 2.0]], r"list \(setting an array element"),
        (torch.empty(2, 1, device="meta"), r"Tensor \(Cannot copy out of meta tensor"),
        ({"a": 1.0}, r"\{'a': 1\.0\}\."),
    ],
    ids=[
        *("digits as text", "categories of text", "array of text", "text", "dates", "durations", "periods"),
        *("array of dates", "list of dates", "complex", "complex tensor", "ragged", "without data", "dict"),
    ],
)
def test_what_is_no_number_is_shown_with_its_place(value, got):
    with pytest.raises(TypeError, match=r"^`y` must hold numbers; got " + got):
        as_floats("y", value)


@pytest.mark.parametrize(
    "value",
    [
        [[True, False]],
        torch.tensor([[True, False]]),
        pandas.DataFrame({"a": [True], "b": [False]}),
        pandas.DataFrame({"a": [True], "b": [False]}, dtype="boolean"),
    ],
    ids=["list", "tensor", "DataFrame", "nullable DataFrame"],
)
def test_a_mask_comes_in_every_form(value):
    assert as_mask("mask", value).tolist() == [[True, False]]
    assert as_mask("mask", value).dtype == bool


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (pandas.DataFrame({"a": [True, None]}, dtype="boolean"), r"hold truth values; got <NA> at index \(1, 0\)\."),
        ([[1, 0]], r"have a boolean dtype; got int64\."),
        ([[1.0, NAN]], r"have a boolean dtype; got float64\."),
    ],
    ids=["a gap", "integers", "floats"],
)
def test_a_gap_or_a_number_is_no_truth_value(value, message):
    with pytest.raises(TypeError, match="`mask` must " + message):
        as_mask("mask", value)


def test_the_result_has_the_form_of_the_argument():
    table = like(NUMBERS, 2 * EXPECTED)
    pandas.testing.assert_frame_equal(table, 2 * NUMBERS)
    row = like(NUMBERS.loc["x"], np.array([5.0, 6.0]))
    assert (list(row.index), row.name, row.tolist()) == (["a", "b"], "x", [5.0, 6.0])
    assert type(like(torch.ones(2), np.ones(2))) is type(like([1.0], np.ones(1))) is np.ndarray


def test_names_that_only_count_are_none():
    assert names_of(NUMBERS) == names_of(NUMBERS.loc["x"]) == ["a", "b"]
    assert names_of(pandas.DataFrame({7: [1.0], 28: [2.0]})) == [7, 28]
    assert names_of(pandas.DataFrame(EXPECTED)) is names_of(EXPECTED) is names_of([1.0]) is None


@pytest.mark.parametrize(
    ("columns", "got"),
    [
        (["b", "a"], "'b' where 'a' belongs"),
        (["a"], "none where 'b' belongs"),
        (["a", "b", "c"], "'c' after the last of them"),
        (["a", 2], "2 where 'b' belongs"),
    ],
    ids=["order", "missing", "extra", "number"],
)
def test_other_columns_are_named_at_the_first_that_differs(columns, got):
    value = pandas.DataFrame([[0.0] * len(columns)], columns=columns)
    with pytest.raises(ValueError, match=rf"^`z` must have the columns of `y`, in that order; got {got}\.$"):
        check_names("z", value, "`y`", ["a", "b"])


def test_rows_in_another_order_are_named_and_rows_that_only_count_pass():
    with pytest.raises(
        ValueError, match=r"^`z` must have the rows of `y`, in that order; got 'y' where 'x' belongs\.$"
    ):
        check_rows("z", NUMBERS.iloc[::-1], "`y`", NUMBERS)
    for same in (NUMBERS, NUMBERS.reset_index(drop=True), NUMBERS.to_numpy()):
        assert check_rows("z", same, "`y`", NUMBERS) is None


def test_pandas_and_torch_are_not_needed():
    code = (
        "import sys; sys.modules['pandas'] = None;"
        "from mtl_teach.scaling import LogScaler; from mtl_teach.metrics import per_task_metrics;"
        "z = LogScaler().fit_transform([[1, 2], [3, None]]);"
        "print(per_task_metrics(z, z, {'max': lambda y, p: y.max()})['max'].tolist(), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[1.0, 0.0] False"


def test_a_table_with_gaps_goes_the_whole_way_and_comes_back_with_its_names():
    """Scale by column, mask, train, predict, scale back, measure; rows are shuffled and named, types nullable."""
    rng = np.random.default_rng(0)
    x = pandas.DataFrame(rng.normal(size=(200, 3)), index=[f"house {i}" for i in rng.permutation(200)])
    price, days = 3e5 + 1e5 * x[0], (40 + 10 * x[1]).round()
    y = pandas.DataFrame({"price": price.mask(x[2] > 1), "days": days.mask(x[2] < -1)}).convert_dtypes()
    train, test = y.index[:150], y.index[150:]
    scaler = TargetScaler({"days": "robust", "price": "standard"}).fit(y.loc[train])
    target, mask = labels_and_mask(scaler.transform(y.loc[train]))
    features = torch.tensor(x.to_numpy(), dtype=torch.float32)
    model = HardSharing(3, 16, [1, 1], torch.Generator().manual_seed(0))
    history = fit(
        model,
        minibatches(features[:150], target, mask, size=30),
        masked_loss,
        WeightedSum(pandas.Series(1.0, index=y.columns)),
        torch.optim.Adam(model.parameters(), 0.01),
        epochs=40,
        generator=torch.Generator().manual_seed(1),
        task_names=y.columns,
        quiet=True,
    )
    predicted = pandas.DataFrame(model(features[150:]).detach().numpy(), index=test, columns=y.columns)
    scores = per_task_metrics(y.loc[test], scaler.inverse_transform(predicted), {"r2": r2_score})
    assert (scores["r2"] > 0.9).all()
    assert list(history.to_frame()[["loss/price", "loss/days"]].iloc[-1] < 0.1) == [True, True]
