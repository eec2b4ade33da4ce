"""One plain file is graded as a submission is, and what stops it is said of the file."""

import pytest

from autograder import catalogue
from autograder.engine.sandbox import Limits, Sandbox
from autograder.grading.one_file import PlainFile, grade_file
from autograder.judging.runner import PUBLISHED_SEED
from autograder.results import Cause

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(Limits(cell=5, call=5)) as made:
        yield made


def graded(sandbox, source, seed=PUBLISHED_SEED):
    return grade_file(catalogue.load("latency_objective"), PlainFile("mine.py", source), seed, sandbox)


RIGHT = (
    "def latency_objective(ce, latency_ms, budget_ms, lam):\n    return ce + lam * max(0.0, latency_ms - budget_ms)\n"
)


def test_a_right_file_has_full_marks_with_any_seed(sandbox):
    assert graded(sandbox, RIGHT).passed
    assert graded(sandbox, RIGHT, b"another").passed


def test_a_file_that_stops_before_its_answer_is_blamed_by_its_error(sandbox):
    result = graded(sandbox, "1 / 0\n")
    assert result.score == 0
    assert {check.cause for check in result.checks} <= {Cause.MISSING, Cause.DEPENDS}
    assert result.checks[0].summary.startswith("The file stops with ZeroDivisionError")


def test_a_name_error_inside_the_answer_stays_its_own(sandbox):
    result = graded(sandbox, RIGHT.replace("return ce", "return cee") + "1 / 0\n")
    assert result.checks[0].cause is Cause.RAISED
    assert "NameError: name 'cee' is not defined" in result.checks[0].summary


def test_what_the_exercise_forbids_is_blocked(sandbox):
    forbidden = catalogue.load("latency_objective").forbidden
    module, _, name = forbidden[0].rpartition(".")
    result = graded(sandbox, f"from {module} import {name} as latency_objective\n")
    assert result.score == 0
    assert "is what this exercise asks you to write" in result.checks[0].summary
