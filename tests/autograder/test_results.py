"""What grading says, as frozen data: nothing is lost on the way to a file and back."""

import json
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from autograder.results import STUB_LEFT, Cause, CheckResult, ExerciseResult, UsageError, Verdict, WrongCall

FULL = CheckResult(
    id="test_value",
    verdict=Verdict.STUDENT_ERROR,
    points=0.5,
    max_points=2.0,
    sentence="The value is right.",
    summary="It is not.",
    inputs={"mask": "[True]"},
    expected="1",
    got="2",
    difference="1.5",
    misconception="divides",
    message="You divided.",
    cause=Cause.RAISED,
)
PASSED = CheckResult("test_shape", Verdict.PASSED, 3.0, 3.0, "The shape is right.")


def result(*checks, question="Why?"):
    return ExerciseResult("masked_mean", "Masked mean", "05_missing_labels", checks, question)


def with_verdicts(*verdicts):
    return result(*(replace(PASSED, verdict=verdict) for verdict in verdicts))


def test_the_full_check_of_these_tests_sets_every_field():
    default = CheckResult("", Verdict.PASSED, 0.0, 0.0, "")
    assert not [one.name for one in fields(FULL) if getattr(FULL, one.name) == getattr(default, one.name)]


def test_a_result_survives_the_way_to_a_file_and_back():
    whole = result(FULL, PASSED)
    again = ExerciseResult.from_dict(json.loads(json.dumps(whole.to_dict())))
    assert again == whole
    assert [type(check.verdict) for check in again.checks] == [Verdict, Verdict]
    assert [type(check.cause) for check in again.checks] == [Cause, Cause]


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_survives_it(verdict):
    assert ExerciseResult.from_dict(with_verdicts(verdict).to_dict()) == with_verdicts(verdict)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_survives_it_and_may_be_missing_in_the_file(cause):
    one = result(replace(FULL, cause=cause))
    data = json.loads(json.dumps(one.to_dict()))
    assert ExerciseResult.from_dict(data) == one
    del data["checks"][0]["cause"]
    assert ExerciseResult.from_dict(data) == result(replace(FULL, cause=Cause.NONE))


def test_a_result_in_a_file_says_its_sums_too():
    assert result(FULL, PASSED).to_dict() == {
        "exercise": "masked_mean",
        "title": "Masked mean",
        "lesson": "05_missing_labels",
        "score": 3.5,
        "max_score": 5.0,
        "misconception": "divides",
        "misconceptions": ["divides"],
        "needs_review": False,
        "question": "Why?",
        "fingerprint": "",
        "checks": [{one.name: getattr(check, one.name) for one in fields(CheckResult)} for check in (FULL, PASSED)],
    }
    assert with_verdicts(Verdict.GRADER_ERROR).to_dict()["needs_review"] is True


def test_a_result_without_a_question_is_read():
    data = result(FULL).to_dict()
    del data["question"]
    assert ExerciseResult.from_dict(data) == result(FULL, question="")


def test_a_verdict_that_there_is_not_is_refused():
    data = result(FULL).to_dict()
    data["checks"][0]["verdict"] = "perhaps"
    with pytest.raises(ValueError, match="'perhaps' is not a valid Verdict"):
        ExerciseResult.from_dict(data)


def test_points_are_added_up():
    assert (result(FULL, PASSED).score, result(FULL, PASSED).max_score) == (3.5, 5.0)
    assert (result().score, result().max_score) == (0, 0)


@pytest.mark.parametrize("verdict", Verdict)
def test_an_exercise_is_passed_only_where_every_check_is(verdict):
    assert with_verdicts(Verdict.PASSED, verdict).passed is (verdict is Verdict.PASSED)


@pytest.mark.parametrize("verdict", Verdict)
def test_only_an_error_of_ours_asks_for_review_wherever_it_stands(verdict):
    for verdicts in ((verdict, Verdict.PASSED), (Verdict.FAILED, verdict)):
        assert with_verdicts(*verdicts).needs_review is (verdict is Verdict.GRADER_ERROR)


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("summary", [STUB_LEFT, "It is not."])
def test_an_answer_is_not_begun_where_the_cause_of_its_first_check_says_so_and_by_no_sentence(cause, summary):
    first = replace(FULL, summary=summary, cause=cause)
    assert result(first, PASSED).not_started is (cause is Cause.NOT_STARTED)
    assert not result(PASSED, first).not_started
    assert not result().not_started


def test_the_sentence_about_a_stub_names_what_to_replace():
    assert STUB_LEFT == "Not started yet: replace the line that raises NotImplementedError."


def test_the_first_misconception_is_that_of_the_exercise():
    assert result(PASSED, FULL, replace(FULL, misconception="other")).misconception == "divides"
    assert result(PASSED).misconception == ""


def test_a_result_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        FULL.points = 2.0
    with pytest.raises(FrozenInstanceError):
        result(FULL).title = "Another"


def test_wrong_use_is_shown_by_ipython_as_its_sentence_alone():
    for error in (UsageError("There is no such thing."), WrongCall("There is no such thing.")):
        assert error._render_traceback_() == ["There is no such thing."]
    assert isinstance(error, TypeError)
