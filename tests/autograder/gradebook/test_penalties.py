"""What being late costs is nbgrader's plug-in's to say, and what it says is kept within the score."""

from datetime import datetime, timedelta

import pytest

from autograder.gradebook.penalties import Penalties, seconds_late
from autograder.grading.course import CourseError

PLUGIN = """
from nbgrader.plugins import BasePlugin

class Mine(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {}

c.AssignLatePenalties.plugin_class = Mine
"""
DUE = datetime(2026, 1, 10, 12)


def policy(course, returns):
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(PLUGIN.format(returns))
    return Penalties(course)


def test_without_a_policy_nothing_is_taken_off(course):
    assert Penalties(course).of("ada", 9.0, 3600) is None


@pytest.mark.parametrize(
    ("returns", "penalty"),
    [("2.5", 2.5), ("None", None), ("-1", 0.0), ("100", 9.0), ("score / 2", 4.5), ("total_seconds_late / 3600", 1.0)],
)
def test_the_plug_in_of_the_course_decides_within_the_score(course, returns, penalty):
    assert policy(course, returns).of("ada", 9.0, 3600) == penalty


def test_who_is_in_time_costs_nothing_whatever_the_policy(course):
    assert policy(course, "5").of("ada", 9.0, 0) is None


@pytest.mark.parametrize("returns", ["1 / 0", "'much'"])
def test_a_plug_in_that_fails_is_named_and_so_is_the_student(course, returns):
    with pytest.raises(CourseError, match=r"\(Mine, see nbgrader_config.py\) failed for ada: "):
        policy(course, returns).of("ada", 9.0, 3600)


@pytest.mark.parametrize(
    ("handed_in", "due", "extension", "seconds"),
    [
        (DUE + timedelta(hours=1), DUE, None, 3600.0),
        (DUE - timedelta(hours=1), DUE, None, 0.0),
        (DUE + timedelta(hours=3), DUE, timedelta(hours=2), 3600.0),
        (None, DUE, None, 0.0),
        (DUE, None, timedelta(hours=2), 0.0),
    ],
)
def test_late_is_counted_from_the_due_date_with_the_extension(handed_in, due, extension, seconds):
    assert seconds_late(handed_in, due, extension) == seconds
