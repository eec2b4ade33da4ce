"""A number is a number whatever its type, and a wrong one is told without the right one."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograder.exercises.by_hand import as_read, assert_worked_out, number_in
from autograder.testing import CheckFailure, Opaque, tensor

SAME = [
    2.05,
    np.float64(2.05),
    np.array(2.05),
    np.array([[2.05]]),
    tensor(2.05),
    [2.05],
    Fraction(41, 20),
    Decimal("2.05"),
    "2.05",
    " 2,05 ",
]


@pytest.mark.parametrize("value", SAME, ids=repr)
def test_a_right_number_is_right_in_every_form(value):
    assert number_in(value, "total") == pytest.approx(2.05)
    assert_worked_out(value, 2.05, {}, "total")
    assert as_read(value) == pytest.approx(2.05)


def test_single_precision_is_precise_enough():
    assert_worked_out(np.float32(2.05), 2.05, {}, "total")
    assert_worked_out(np.float32(123.456), 123.456, {}, "total")


@pytest.mark.parametrize("value", [2.0, 2.049, 2.0501, -2.05, float("nan"), float("inf"), 10**400])
def test_a_wrong_number_is_told_without_the_right_one(value):
    with pytest.raises(CheckFailure) as failure:
        assert_worked_out(value, 2.05, {"weights": (1.0, 2.0)}, "total")
    said = failure.value
    assert (said.expected, said.difference, "2.05" in said.summary) == (None, "", False)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "`total` is None: put the number into it."),
        (True, "`total` is of type bool; a number was expected."),
        (Opaque("ellipsis"), "`total` is of type ellipsis; a number was expected."),
        ("two", "`total` is a text that is no number; write the number without quotes."),
        ("9" * 50, "`total` is a text that is no number"),
        ("nan", "`total` is a text that is no number"),
        (
            (2, 5),
            "`total` holds two values; one number was expected. Python writes decimals with a point, not a comma.",
        ),
        ([1.0, 2.0, 3.0], "`total` is of type list; one number was expected."),
        ([], "`total` is of type list; one number was expected."),
        ({"a": 1}, "`total` is of type dict; one number was expected."),
        (1j, "`total` is of type complex; one number was expected."),
    ],
    ids=repr,
)
def test_what_is_no_number_is_told_in_a_sentence(value, said):
    with pytest.raises(CheckFailure) as failure:
        number_in(value, "total")
    assert failure.value.summary.startswith(said)


def test_what_cannot_be_read_stays_as_it_is_when_two_answers_are_compared():
    assert as_read(("1.5", None)) == (1.5, None)
