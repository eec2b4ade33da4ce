"""What a worker says of an answer is read with the caps that an honest worker keeps to."""

import pytest

from autograder.engine.inside import worker
from autograder.engine.outcome import AnswerError, outcome_of


def test_a_value_is_what_came_back():
    assert outcome_of({"value": 2.0, "printed": ""}) == 2.0
    assert outcome_of({"printed": "nothing else"}) is None


@pytest.mark.parametrize("tag", [*worker.ERROR_TAGS, "Missing", "Exit"])
def test_a_known_tag_is_kept_with_its_message(tag):
    error = outcome_of({"error": tag, "message": "why"})
    assert isinstance(error, AnswerError)
    assert (error.tag, error.message, str(error)) == (tag, "why", f"{tag}: why")


@pytest.mark.parametrize("tag", ["Timeout", "SystemExit", "", 7, None, ["KeyError"]], ids=repr)
def test_what_a_worker_may_not_say_of_itself_is_another_error(tag):
    assert outcome_of({"error": tag, "message": "why"}).tag == "Other"


def test_a_message_is_cut_and_anything_but_text_is_none():
    assert outcome_of({"error": "KeyError", "message": "x" * 3_000}).message == "x" * worker.MAX_MESSAGE
    assert outcome_of({"error": "KeyError", "message": {"a": 1}}).message == ""
    assert str(outcome_of({"error": "KeyError"})) == "KeyError"
