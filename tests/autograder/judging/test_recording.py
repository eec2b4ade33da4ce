"""What a failing check asked is kept, to its last question, on either backend; of a passing one nothing."""

import contextlib

import numpy as np
import pytest

from autograder.engine.outcome import AnswerError
from autograder.engine.sandbox import Limits
from autograder.engine.session import Session
from autograder.judging.answers import LocalAnswer, RemoteAnswer
from autograder.judging.recording import LARGE, MOST, Recorder
from autograder.judging.runner import rng_for
from autograder.testing import Check, assert_close
from tests.handmade import handmade
from tests.simulated import SimulatedSandbox

SOURCE = """
def answer(number):
    if number == 13:
        raise ValueError("no")
    return number + 1
"""
LOOPS = SOURCE + "\n\nplain = answer\n\n\ndef answer(number):\n    work(60 * (number == 3))\n    return plain(number)\n"


def doubles(student, rng):
    """Numbers are doubled."""
    numbers = [1.0, 2.0, 13.0, 3.0, 4.0]
    for number, got in zip(numbers, student.each([(number,) for number in numbers])):
        assert_close(got, 2 * number)


def one_by_one(student, rng):
    """A number of its own is doubled."""
    assert student(1.0) == 2.0
    assert student(5.0) == 10.0
    assert student(6.0) == 12.0


def adds(student, rng):
    """One is added."""
    assert student(1.0) == 2.0


EXERCISE = handmade(doubles, one_by_one, adds)


@pytest.fixture(params=["in process", "in a worker"])
def recorder_of(request, monkeypatch):
    sandbox = SimulatedSandbox(Limits(call=5.0, exercise=20.0, submission=100.0)).install(monkeypatch)
    sessions = contextlib.ExitStack()

    def made(source=SOURCE):
        if request.param == "in process":
            names = {"work": lambda seconds: None}
            exec(source, names)
            return Recorder(LocalAnswer.of(EXERCISE, names["answer"]))
        session = sessions.enter_context(Session(sandbox, [("answer", source)], []))
        return Recorder(RemoteAnswer(EXERCISE, session))

    with sessions:
        yield made


def recorded(recorder, function):
    """What is kept of one check: numbers, and what came back of them."""
    check = Check.of(function)
    with contextlib.suppress(AssertionError, AnswerError):
        recorder.noting(check).function(recorder, rng_for(b"published", EXERCISE.id, check.id))
    kept = recorder.recorded.get(check.id, ())
    return {probe.args[0]: getattr(outcome, "tag", outcome) for probe, outcome in kept}


def test_of_a_failing_check_all_questions_are_kept_those_after_the_failure_too(recorder_of):
    recorder = recorder_of()
    assert recorded(recorder, doubles) == {1.0: 2.0, 2.0: 3.0, 13.0: "ValueError", 3.0: 4.0, 4.0: 5.0}


def test_what_a_check_has_not_asked_before_it_failed_is_not_asked(recorder_of):
    assert recorded(recorder_of(), one_by_one) == {1.0: 2.0, 5.0: 6.0}


def test_of_a_passing_check_nothing_is_kept(recorder_of):
    recorder = recorder_of()
    assert recorded(recorder, adds) == {}
    assert recorder.recorded == {}


def test_each_check_has_its_own_questions(recorder_of):
    recorder = recorder_of()
    for function in (one_by_one, adds, doubles):
        recorded(recorder, function)
    assert {name: len(kept) for name, kept in recorder.recorded.items()} == {"one_by_one": 2, "doubles": 5}


def test_what_is_asked_between_checks_is_not_kept(recorder_of):
    recorder = recorder_of()
    recorded(recorder, one_by_one)
    assert recorder(100.0) == 101.0
    assert len(recorder.recorded["one_by_one"]) == 2


def test_an_answer_is_asked_nothing_more_after_it_came_too_late(monkeypatch):
    sandbox = SimulatedSandbox(Limits(call=5.0, exercise=20.0, submission=100.0)).install(monkeypatch)
    with Session(sandbox, [("answer", LOOPS)], []) as session:
        recorder = Recorder(RemoteAnswer(EXERCISE, session))
        assert recorded(recorder, doubles) == {1.0: 2.0, 2.0: 3.0, 13.0: "ValueError", 3.0: "Timeout"}


def test_there_is_an_end_to_what_is_asked_after_a_failure():
    asked = []

    def many(student, rng):
        """Numbers are doubled."""
        for got in student.each((number,) for number in range(3 * MOST)):
            assert got == "nothing"

    recorder = Recorder(LocalAnswer.of(EXERCISE, asked.append))
    assert len(recorded(recorder, many)) == len(asked) == MOST + 1


def test_a_check_that_breaks_is_not_the_answers_failure(recorder_of):
    def breaks(student, rng):
        """Our fault."""
        student(1.0)
        raise RuntimeError("ours")

    recorder = recorder_of()
    with pytest.raises(RuntimeError, match="ours"):
        recorded(recorder, breaks)
    assert recorder.recorded == {}


def test_renewing_goes_through_to_the_answer():
    renewed = []

    class Watched(LocalAnswer):
        def renew(self):
            renewed.append(True)

    Recorder(Watched.of(EXERCISE, lambda number: number)).renew()
    assert renewed == [True]


@pytest.mark.parametrize("large", [np.zeros(LARGE), {"a": [np.zeros(LARGE)]}])
def test_of_a_check_that_gets_something_large_nothing_is_kept(large):
    """The checker would grow with every check that a flood fails."""
    student = Recorder(LocalAnswer.of(EXERCISE, lambda number: large if number == 2.0 else number + 1))
    assert recorded(student, doubles) == {}
    assert recorded(student, one_by_one) == {1.0: 2.0, 5.0: 6.0}
