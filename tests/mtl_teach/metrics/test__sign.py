"""Which way is better, as a sign."""

import pytest

from mtl_teach.metrics._sign import sign_of


def test_higher_is_plus_and_lower_is_minus():
    assert sign_of([True, False, True], 3).tolist() == [1.0, -1.0, 1.0]


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([True], ValueError, r"`higher_is_better` must have shape \(n_tasks,\) = \(2,\); got \(1,\)\."),
        ([1, 0], TypeError, r"`higher_is_better` must have a boolean dtype; got int64\."),
    ],
    ids=["length", "integers"],
)
def test_what_is_not_one_truth_value_per_task_is_named(value, error, message):
    with pytest.raises(error, match=message):
        sign_of(value, 2)
