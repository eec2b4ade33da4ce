"""What a worker answers: believed as data, counted, and never able to make the checker raise anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import exercises, sandbox, students
from autograder.sandbox import Limits, Zygote
from autograder.students import LocalStudent, RemoteStudent, Session
from autograder.testing import StudentError, probe
from tests.autograder.test_channel import values

NUMBER = 12345
texts = st.sampled_from(["id", "answers", "value", "error", "message", "printed"])
answer = st.dictionaries(texts, values, max_size=4)
reply = values | st.fixed_dictionaries(
    {"id": st.just(NUMBER) | values, "answers": st.lists(answer | values, max_size=4) | values}
)


@given(reply, st.integers(1, 3))
@settings(deadline=None)
def test_a_reply_is_a_list_of_at_most_as_many_answers_as_were_asked_or_an_error_of_the_answer(response, most):
    refused = None
    try:
        answers = students._answers(response, NUMBER, most)
    except StudentError as error:
        refused = error
    if refused:
        assert refused.tag == "Other"
        return
    assert 1 <= len(answers) <= most
    assert response["id"] == NUMBER
    for one in answers:
        outcome = students._outcome(one)
        assert isinstance(outcome, StudentError) is ("error" in one)


@pytest.mark.parametrize(
    "response",
    [
        {"id": NUMBER, "answers": []},
        {"id": NUMBER, "answers": [{}, {}, {}]},
        {"id": NUMBER, "answers": [{"value": 1.0}, 2.0]},
        {"id": NUMBER, "answers": {"0": {}}},
        {"id": NUMBER + 1, "answers": [{}]},
        {"id": float(NUMBER), "answers": [{}]},
        {"answers": [{}]},
        [{"value": 1.0}],
    ],
    ids=["none", "too many", "no dictionary", "no list", "another number", "a float", "no number", "only answers"],
)
def test_a_reply_that_does_not_fit_the_questions_is_refused(response):
    with pytest.raises(StudentError, match="something else than its answer"):
        students._answers(response, NUMBER, 2)


def test_an_error_that_a_worker_makes_up_is_one_of_a_closed_set():
    assert students._outcome({"error": "Timeout", "message": "late"}).tag == "Other"
    assert students._outcome({"error": ["ValueError"], "message": 3}).tag == "Other"
    assert students._outcome({"error": "ValueError", "message": "x" * 10_000}).message == "x" * 2_000


# ---- many questions at once --------------------------------------------------------------------------------------

MISHAPS = """
import os, time
import numpy as np
def masked_mean(values, mask):
    size = len(values)
    if size == 3:
        os._exit(0)
    if size == 4:
        raise ValueError("four")
    if size == 5:
        time.sleep(10**6)
    return np.asarray(float(size))
"""


@pytest.fixture(scope="module")
def trusting():
    """A zygote without the heavy libraries, and with so much time that only what never answers is late."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "BOOT", sandbox.BOOT.replace("zygote.serve", "zygote.warm = print; zygote.serve"))
        with Zygote(Limits(cell=600.0, call=600.0, exercise=6000.0, submission=60_000.0), trust=True) as warm:
            yield warm


def questions(*sizes):
    return [probe([0.0] * size, None) for size in sizes]


def asked(zygote, *sizes):
    with Session(zygote, [("answer", MISHAPS)], []) as session:
        student = RemoteStudent(exercises.load("masked_mean"), session)
        return [
            str(one) if isinstance(one, StudentError) else float(one) for one in student.outcomes(questions(*sizes))
        ]


def test_many_questions_have_their_outcomes_in_order(trusting):
    assert asked(trusting, 1, 4, 2)[::2] == [1.0, 2.0]
    assert asked(trusting, 1, 4, 2)[1].startswith("ValueError: four")


def test_the_question_that_ends_the_worker_is_found_and_the_others_are_answered(trusting):
    assert asked(trusting, 1, 2, 3, 6, 7) == [1.0, 2.0, "Exit: the code ended its own process", 6.0, 7.0]


def test_a_question_that_is_never_answered_is_late_and_the_next_worker_answers(trusting, monkeypatch):
    """What it costs, to the second, is tested with a simulated clock."""
    monkeypatch.setattr(trusting, "limits", Limits(cell=600.0, call=0.5, exercise=6000.0, submission=60_000.0))
    assert asked(trusting, 5) == ["Timeout: no answer within 0.5 s: is there a loop without end?"]
    monkeypatch.undo()
    assert asked(trusting, 1, 2) == [1.0, 2.0]


def test_answers_too_large_for_one_frame_come_in_several(trusting):
    source = "import numpy as np\ndef masked_mean(values, mask):\n    return np.zeros(300_000)\n"
    with Session(trusting, [("answer", source)], []) as session:
        student = RemoteStudent(exercises.load("masked_mean"), session)
        sizes = [one.nbytes for one in student.each([([0.0], None)] * 10)]
    assert sizes == [2_400_000] * 10


def test_in_a_notebook_a_question_is_asked_when_its_turn_comes():
    seen = []
    student = LocalStudent(exercises.load("masked_mean"), (lambda values, mask: seen.append(len(values)) or 1.0,))
    outcomes = student.outcomes(questions(1, 2, 3))
    assert next(outcomes) == 1.0
    assert seen == [1]
