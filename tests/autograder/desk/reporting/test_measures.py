"""The small formulas, against numbers worked out by hand and by SciPy."""

import math

import pytest
from scipy import stats

from autograder.desk.reporting.measures import discrimination, share, tenths

RIGHT_OR_WRONG = [1, 1, 1, 1, 0, 0, 0, 0, 1, 0]
RESTS = [0.9, 0.8, 0.7, 0.4, 0.5, 0.3, 0.2, 0.6, 1.0, 0.1]


def test_of_right_or_wrong_it_is_the_point_biserial_correlation():
    found = discrimination(RIGHT_OR_WRONG, RESTS)
    expected = stats.pointbiserialr(RIGHT_OR_WRONG, RESTS)
    assert (found.students, found.why) == (10, "")
    assert found.r == pytest.approx(expected.statistic, abs=1e-4)


def test_the_interval_is_fishers():
    found = discrimination(RIGHT_OR_WRONG, RESTS)
    interval = stats.pearsonr(RIGHT_OR_WRONG, RESTS).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-4)


def test_by_hand():
    # means 0.5 and 1; products 4 * 0.5 * 1 of 8, spreads sqrt(8 * 0.25) and sqrt(8): r = 4 / 4 = 1
    assert discrimination([0, 1] * 4, [0, 2] * 4).r == 1.0
    # six of eight agree: r = (6 - 2) / 8, atanh(0.5) = 0.5493, 1.96 / sqrt(5) = 0.8765
    found = discrimination([0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 0, 1, 1, 1])
    assert found.r == 0.5
    assert found.low == pytest.approx(math.tanh(0.5493 - 0.8765), abs=1e-3)
    assert found.high == pytest.approx(math.tanh(0.5493 + 0.8765), abs=1e-3)


def test_a_perfect_correlation_has_no_width():
    found = discrimination([0, 1] * 4, [0.2, 0.1] * 4)
    assert (found.r, found.low, found.high) == (-1.0, -1.0, -1.0)


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_under_eight_students_there_is_none(count):
    found = discrimination([1.0] * count, [0.5] * count)
    assert (found.r, found.low, found.high) == (None, None, None)
    assert found.why == f"too few students: {count}, and it takes 8"


def test_without_any_spread_there_is_none():
    assert discrimination([1.0] * 9, RESTS[:9]).why == "everybody has the same points here"
    assert discrimination(RIGHT_OR_WRONG, [0.5] * 10).why == "everybody has the same points elsewhere"


def test_every_share_falls_into_one_tenth():
    assert tenths([]) == (0,) * 10
    assert tenths(place / 10 for place in range(11)) == (1,) * 9 + (2,)
    assert tenths([0.3 - 1e-17, 0.7, 0.9999]) == (0, 0, 0, 1, 0, 0, 0, 1, 0, 1)


def test_of_nothing_there_is_no_share():
    assert (share(0, 0), share(1, 3)) == (None, 0.3333)
