"""The item analysis: rates over those who began, counts of those who handed in, mistakes by how many make them."""

import copy

import pytest

from autograder import exercises
from autograder.desk.reporting.report import MISSING, report
from autograder.grading.record import UNGRADABLE
from autograder.results import STUB_LEFT, Cause, Verdict
from tests.autograder.by_hand import checked, graded, result

IDS = [check.id for check in exercises.load("masked_mean").checks]
NOT_STARTED = {"summary": STUB_LEFT, "cause": Cause.NOT_STARTED}


def outcome(passed, misconception="", **told):
    """An answer that passes some checks; the first of the others fails, for a reason, and the rest are skipped."""
    checks, verdict, more = [], Verdict.FAILED, {"misconception": misconception, **told}
    for check in exercises.load("masked_mean").checks:
        if check.id in passed:
            checks.append(checked(Verdict.PASSED, check.id, check.points))
        else:
            checks.append(checked(verdict, check.id, check.points, **more))
            verdict, more = Verdict.SKIPPED, {}
    return result(*checks)


@pytest.fixture
def class_(course, released):
    """Six hand in: all right; two with one mistake, one with another; one that did not begin; one not to be read."""
    answers = {
        "ada": outcome(IDS),
        "bob": outcome(IDS[1:], "divides_by_everything"),
        "cleo": outcome(IDS[:1], "multiplies_by_the_mask"),
        "dan": outcome(IDS[:1], "multiplies_by_the_mask"),
        "eve": outcome([], **NOT_STARTED),
    }
    for student, answer in answers.items():
        graded(course, student, copy.deepcopy(released), answer)
    graded(course, "fay", b"{", outcome(IDS), status=UNGRADABLE, reason="odd")
    return course


def test_counts_and_rates_are_over_those_who_began(class_):
    (item,) = report(class_)
    assert (item["exercise"], item["title"]) == ("masked_mean", "Mean of the observed entries")
    assert (item["handed_in"], item["started"]) == (5, 4)
    # 9 points each: all, all but the first check's 2, and twice the first check's 2
    assert item["mean_share"] == round((9 + 7 + 2 + 2) / 36, 4) == 0.5556
    assert [check["id"] for check in item["checks"]] == IDS
    assert [check["pass_rate"] for check in item["checks"]] == [0.75, *[0.5] * 6]
    assert item["checks"][0]["sentence"] == exercises.load("masked_mean").checks[0].sentence


def test_mistakes_are_counted_by_student_the_most_frequent_first(class_):
    assert report(class_)[0]["misconceptions"] == [
        {"id": "multiplies_by_the_mask", "students": 2},
        {"id": "divides_by_everything", "students": 1},
    ]


def test_somebody_with_two_mistakes_counts_for_both(class_, released):
    named = {"misconception": "multiplies_by_the_mask"}, {"misconception": "detached"}
    checks = (
        checked(Verdict.FAILED, check, 1.0, **more)
        for check, more in zip(("test_missing_values", "test_gradient"), named)
    )
    graded(class_, "gus", copy.deepcopy(released), result(*checks))
    assert report(class_)[0]["misconceptions"] == [
        {"id": "multiplies_by_the_mask", "students": 3},
        {"id": "divides_by_everything", "students": 1},
        {"id": "detached", "students": 1},
    ]


def test_where_nobody_began_there_is_no_rate(course, released):
    graded(course, "eve", released, outcome([], **NOT_STARTED))
    (item,) = report(course)
    assert (item["handed_in"], item["started"], item["mean_share"]) == (1, 0, None)
    assert {check["pass_rate"] for check in item["checks"]} == {None}
    assert item["misconceptions"] == []


def test_where_everybody_failed_the_rate_is_0(course, released):
    graded(course, "ada", released, outcome([]))
    (item,) = report(course)
    assert (item["mean_share"], item["checks"][0]["pass_rate"]) == (0.0, 0.0)


def test_exercises_are_in_order_of_their_names(course, released):
    other = result(checked(Verdict.PASSED), exercise="delta_m")
    graded(course, "ada", copy.deepcopy(released), outcome(IDS), other)
    graded(course, "bob", copy.deepcopy(released), other)
    assert [(item["exercise"], item["handed_in"]) for item in report(course)] == [("delta_m", 2), ("masked_mean", 1)]


def test_nothing_graded_is_nothing_to_report(course, released):
    assert report(course) == []


def test_only_some_submissions_count_when_asked(class_):
    (item,) = report(class_, lambda submission: submission.student in ("ada", "bob"))
    assert (item["handed_in"], item["started"]) == (2, 2)
    assert item["misconceptions"] == [{"id": "divides_by_everything", "students": 1}]
