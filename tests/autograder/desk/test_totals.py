"""What a term's marks come to, computed by hand."""

import pytest
from traitlets.config import Config

from autograder.desk.totals import Policy, prefix_of, total_of
from autograder.results import UsageError


def rows(**marks):
    """Rows by assignment: a score of so many, None for one that waits, "-" for nothing handed in."""
    return [
        {
            "assignment": name,
            "score": None if score in (None, "-") else score,
            "max_score": most,
            "status": "needs marking" if score is None else "not handed in" if score == "-" else "graded",
        }
        for name, (score, most) in marks.items()
    ]


TERM = rows(ps01=(30.0, 60.0), ps02=(60.0, 60.0), qt01=(5.0, 7.0), qt02=(4.9, 7.0), qt03=(7.0, 7.0))


def test_without_weights_points_decide():
    total = total_of(TERM, Policy())
    assert (total.points, total.most) == (pytest.approx(106.9), 141.0)
    assert total.percent == pytest.approx(100 * 106.9 / 141)


def test_a_quick_test_is_passed_with_5_of_7_points():
    assert (total_of(TERM, Policy()).passed, total_of(TERM, Policy()).tests) == (2, 3)
    assert total_of(rows(qt01=(10.0, 14.0), ps01=(60.0, 60.0)), Policy()).passed == 1


def test_a_prefix_shares_its_weight_by_points_and_a_name_has_its_own():
    assert total_of(TERM, Policy({"ps": 3, "qt": 1})).percent == pytest.approx(75 * 0.75 + 25 * 16.9 / 21)
    assert total_of(TERM, Policy({"ps": 1, "ps01": 1})).percent == pytest.approx(50 + 25)
    assert total_of(TERM, Policy({"project": 1})).percent is None


@pytest.mark.parametrize(
    ("drop", "dropped"),
    [({"": 1}, ("ps01", "qt02")), ({"qt": 2}, ("qt02", "qt01")), ({"": 9}, ("ps01", "qt02", "qt01")), ({}, ())],
)
def test_the_lowest_of_each_prefix_are_dropped_and_one_stays(drop, dropped):
    total = total_of(TERM, Policy(drop_lowest=drop))
    assert total.dropped == dropped
    assert total.most == 141 - sum({"ps01": 60, "qt01": 7, "qt02": 7}[name] for name in dropped)


def test_nothing_handed_in_is_no_points_and_may_be_dropped():
    half = rows(ps01=("-", 60.0), ps02=(60.0, 60.0))
    assert total_of(half, Policy()).percent == 50
    assert total_of(half, Policy(drop_lowest={"ps": 1})).percent == 100


def test_while_a_mark_waits_there_is_no_percentage():
    total = total_of(rows(ps01=(None, 60.0), qt01=(7.0, 7.0)), Policy({"qt": 1}, {"": 1}))
    assert (total.percent, total.waiting, total.passed, total.dropped) == (None, 1, 1, ())
    assert 0 < total.most_waiting < total.most


def test_nobody_who_handed_in_nothing_has_more_than_nothing():
    assert total_of([], Policy()).percent is None
    assert prefix_of("05_odd") == ""


def test_the_configuration_is_read():
    config = Config()
    assert Policy.of(config) == Policy()
    config.MtlGrade.weights = {"ps": 70, "qt": 30}
    config.MtlGrade.drop_lowest = 1
    assert Policy.of(config) == Policy({"ps": 70, "qt": 30}, {"": 1})
    config.MtlGrade.drop_lowest = {"qt": 2}
    assert Policy.of(config).drop_lowest == {"qt": 2}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("weights", value) for value in ({"ps": "a lot"}, {"ps": -1}, 70)),
        *(("drop_lowest", value) for value in (-1, {"qt": 0.5}, "one")),
    ],
)
def test_a_configuration_that_is_none_is_refused_with_its_name(name, value):
    config = Config()
    config.MtlGrade[name] = value
    with pytest.raises(UsageError, match=rf"nbgrader_config.py: c.MtlGrade.{name} .*got "):
        Policy.of(config)
