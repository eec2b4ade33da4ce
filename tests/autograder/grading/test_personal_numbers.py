"""In a course with personal numbers everybody is graded by their own, and the record says which they were."""

import pytest

from autograder.exercises import load
from autograder.grading import submission as grading
from autograder.grading.course import GRADE, Course, CourseError
from autograder.grading.intake import NO_NUMBERS
from autograder.grading.record import NOBODY, results_of
from autograder.grading.review import settle, waiting
from autograder.grading.submission import grade
from tests.autograder.by_hand_set import NAME, SET, course_by_hand, hand_in, right_for
from tests.simulated import SimulatedSandbox

LAYERS = ("a wall",)


@pytest.fixture
def course(tmp_path, monkeypatch):
    made = course_by_hand(tmp_path)
    stand_in = SimulatedSandbox(made.limits, LAYERS).install(monkeypatch)
    monkeypatch.setattr(grading, "sandbox_of_this_process", lambda limits, trust: stand_in)
    return made


def graded(course, student, total):
    return grade(course.job(hand_in(course, student, total), LAYERS))


def score(record):
    assert record["status"] == "graded", record["reason"]
    return results_of(record)[NAME].score


def switch_off(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("True", "False"))
    return Course.open(course.root)


def test_everybody_is_right_with_their_own_numbers_and_wrong_with_anothers(course):
    assert right_for("ada") != right_for("bob")
    assert score(graded(course, "ada", right_for("ada"))) == 2
    assert score(graded(course, "bob", right_for("bob"))) == 2
    assert score(graded(course, "bob", right_for("ada"))) == 0
    assert score(graded(course, "bob", right_for(""))) == 0


def test_the_record_says_which_numbers_were_used(course):
    record = graded(course, "ada", right_for("bob"))
    assert record["numbers"] == {NAME: dict(load(NAME).for_student("ada").numbers)}
    (check,) = results_of(record)[NAME].checks
    own = load(NAME).for_student("ada").numbers
    assert check.inputs["averages"] == f"({own['click']}, {own['cvr']})"
    assert f"{right_for('ada'):.6f}".rstrip("0") not in repr(record["exercises"])


def test_a_slip_with_ones_own_numbers_has_its_name(course):
    slip = load(NAME).for_student("ada").misconceptions["times_coverage"]()
    assert results_of(graded(course, "ada", slip))[NAME].misconception == "times_coverage"


def test_without_the_setting_the_published_numbers_count_and_nothing_is_noted(course):
    course = switch_off(course)
    record = graded(course, "ada", right_for(""))
    assert (score(record), record["numbers"], record["review"]) == (2, {}, [])
    assert course.job(course.submission("ada", SET), LAYERS).numbers_of == ""


def test_a_record_is_neither_anothers_nor_one_of_other_numbers(course):
    keys = {course.job(hand_in(course, who, 2.05), LAYERS).key for who in ("ada", "bob")}
    off = switch_off(course)
    keys.add(off.job(off.submission("ada", SET), LAYERS).key)
    assert len(keys) == 3


def test_whoever_is_not_on_the_roster_is_checked_by_the_published_numbers_and_looked_at(course):
    course.roster_path.write_text("id\n")
    submission = hand_in(course, "eve", right_for(""))
    assert course.job(submission, LAYERS).numbers_of == NOBODY
    record = grade(course.job(submission, LAYERS))
    assert (score(record), record["numbers"]) == (2, {})
    assert record["review"] == [{"cell": f"check-{NAME}", "reason": NO_NUMBERS}]
    (found,) = waiting(course)
    assert (found.student, found.cell, found.reason) == ("eve", f"check-{NAME}", NO_NUMBERS)
    assert "counts it with the published numbers" in found.todo
    settle(course, "eve", SET, GRADE)
    assert grade(course.job(submission, LAYERS))["review"] == []


def test_a_setting_that_is_neither_true_nor_false_is_refused(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("True", "'yes'"))
    with pytest.raises(CourseError, match=r"c\.MtlGrade\.personal_numbers is True or False; got 'yes'"):
        _ = course.personal_numbers
