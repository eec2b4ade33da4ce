"""What a worker answers: believed as data, counted, timed, and never able to make the checker raise anything else."""

import math
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import exercises
from autograder.engine import sandbox, session
from autograder.engine.inside import channel, zygote
from autograder.engine.outcome import AnswerError, outcome_of
from autograder.engine.sandbox import Limits, Sandbox
from autograder.engine.session import Session
from autograder.judging.answers import LocalAnswer, RemoteAnswer
from autograder.testing import probe
from tests import scenarios
from tests.autograder.engine.inside.test_channel import values
from tests.handmade import handmade
from tests.simulated import SimulatedSandbox

NUMBER = 12345
keys = st.sampled_from(["id", "answers", "value", "error", "message", "printed"])
answer = st.dictionaries(keys, values, max_size=4)
reply = values | st.fixed_dictionaries(
    {"id": st.just(NUMBER) | values, "answers": st.lists(answer | values, max_size=4) | values}
)


@given(reply, st.integers(1, 3))
def test_a_reply_is_a_list_of_at_most_as_many_answers_as_were_asked_or_an_error_of_the_answer(response, most):
    refused = None
    try:
        answers = session._answers(response, NUMBER, most)
    except AnswerError as error:
        refused = error
    if refused:
        assert refused.tag == "Other"
        return
    assert 1 <= len(answers) <= most
    assert response["id"] == NUMBER
    for one in answers:
        assert isinstance(outcome_of(one), AnswerError) is ("error" in one)


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
    with pytest.raises(AnswerError, match="something else than its answer"):
        session._answers(response, NUMBER, 2)


def test_an_error_that_a_worker_makes_up_is_one_of_a_closed_set():
    assert outcome_of({"error": "Timeout", "message": "late"}).tag == "Other"
    assert outcome_of({"error": ["ValueError"], "message": 3}).tag == "Other"
    assert outcome_of({"error": "ValueError", "message": "x" * 10_000}).message == "x" * 2_000


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
        with Sandbox(Limits(cell=600.0, call=600.0, exercise=6000.0, submission=60_000.0), trust=True) as warm:
            yield warm


def questions(*sizes):
    return [probe([0.0] * size, None) for size in sizes]


def asked(zygote, *sizes):
    with Session(zygote, [("answer", MISHAPS)], []) as session:
        student = RemoteAnswer(exercises.load("masked_mean"), session)
        return [str(one) if isinstance(one, AnswerError) else float(one) for one in student.outcomes(questions(*sizes))]


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
        student = RemoteAnswer(exercises.load("masked_mean"), session)
        sizes = [one.nbytes for one in student.each([([0.0], None)] * 10)]
    assert sizes == [2_400_000] * 10


def test_in_a_notebook_a_question_is_asked_when_its_turn_comes():
    seen = []
    student = LocalAnswer(exercises.load("masked_mean"), (lambda values, mask: seen.append(len(values)) or 1.0,))
    outcomes = student.outcomes(questions(1, 2, 3))
    assert next(outcomes) == 1.0
    assert seen == [1]


# ---- what asking costs and who pays, to the second -----------------------------------------------------------------

LIMITS = Limits(cell=10.0, call=5.0, exercise=20.0, submission=100.0)
PLAN = """
def answer(step):
    for what, number in step.items():
        if what == "work":
            work(number)
        if what == "end":
            end()
        if what == "raise":
            raise ValueError("told to")
    return 7
"""


def asks(student, rng):
    """It answers."""


EXERCISE = handmade(asks)


@pytest.fixture
def simulated(monkeypatch):
    return SimulatedSandbox(LIMITS).install(monkeypatch)


def session_of(simulated, *cells, forbidden=()):
    return Session(simulated, list(cells) or [("answer", PLAN)], list(forbidden))


def ask(session, *steps, **more):
    kind = {"op": "call", "entries": ["answer"]}
    return session.ask([(kind, [step]) for step in steps], **more)


def texts(outcomes):
    return [str(one) if isinstance(one, AnswerError) else one for one in outcomes]


# ---- one submission --------------------------------------------------------------------------------------------


def test_a_worker_is_started_when_it_is_needed_and_told_what_is_forbidden(simulated):
    with session_of(simulated, forbidden=["mtl_teach.losses.masked_loss"]) as session:
        assert simulated.forks == []
        assert ask(session, {}) == [7]
        assert ask(session, {}) == [7]
    assert simulated.forks == [["mtl_teach.losses.masked_loss"]]


def test_the_end_of_a_session_ends_its_worker_once_and_closes_the_way_to_it(simulated, monkeypatch):
    opened = []
    fork = simulated.fork
    monkeypatch.setattr(simulated, "fork", lambda forbidden: opened.append(fork(forbidden)) or opened[-1])
    with session_of(simulated) as session:
        session.load()
    assert simulated.ended == 1
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened[0])


def test_a_session_that_never_asked_has_nothing_to_end(simulated):
    with session_of(simulated):
        pass
    assert simulated.ended == 0


def test_cells_run_once_in_order_and_their_prints_and_errors_are_kept_by_name(simulated):
    cells = [("one", "x = 1\nprint('first')"), ("two", "x += 1\n1 / 0"), ("three", "print(x)"), ("four", "y = x")]
    with session_of(simulated, *cells) as session:
        session.load()
        session.load()
    assert session.printed == {"one": "first\n", "two": "", "three": "2\n", "four": ""}
    assert session.cell_errors == {"two": "ZeroDivisionError: division by zero (line 2: `1 / 0`)"}
    assert len(simulated.frames) == 4


def test_what_a_cell_claims_to_have_printed_is_cut_where_it_is_read(simulated, monkeypatch):
    long = {"value": None, "printed": "x" * 30_000}
    monkeypatch.setattr(zygote.ForkedWorker, "handle", lambda worker, request: long)
    with session_of(simulated) as session:
        session.load()
    assert session.printed == {"answer": "x" * 20_000}


def test_prints_that_are_no_text_are_dropped(simulated, monkeypatch):
    monkeypatch.setattr(zygote.ForkedWorker, "handle", lambda worker, request: {"value": None, "printed": 3})
    with session_of(simulated) as session:
        session.load()
    assert session.printed == {}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("work(11)", "Timeout: no answer within 10 s: is there a loop without end?"),
        ("end()", "Exit: the code ended its own process"),
    ],
    ids=["loops", "ends its process"],
)
def test_a_cell_that_costs_the_worker_is_left_out_and_the_others_run_again(simulated, source, told):
    cells = [("good", "x = 1"), ("bad", source), ("answer", PLAN), ("odd", "1 / 0")]
    with session_of(simulated, *cells) as session:
        assert ask(session, {}) == [7]
        assert session.cell_errors["bad"] == told
        assert session.cell_errors["odd"].startswith("ZeroDivisionError")
    assert len(simulated.forks) == 2
    assert [frame["kinds"][0].get("name") for frame in simulated.frames] == [
        *("good", "bad"), *("good", "answer", "odd"), None,
    ]  # fmt: skip


def test_a_cell_that_spoils_the_way_to_its_worker_is_left_out_and_the_others_run_again(simulated, monkeypatch):
    read = simulated.read_frame

    def spoilt(descriptor, deadline):
        answer = read(descriptor, deadline)
        return b"Z" if simulated.frames[-1]["kinds"][0].get("name") == "bad" else answer

    monkeypatch.setattr(channel, "read_frame", spoilt)
    with session_of(simulated, ("bad", "x = 1"), ("answer", PLAN)) as session:
        assert ask(session, {}) == [7]
    assert session.cell_errors == {"bad": "Other: the process sent something else than data: unknown tag"}
    assert [frame["kinds"][0].get("name") for frame in simulated.frames] == ["bad", "answer", None]


def test_a_cell_may_take_its_seconds_and_no_more(simulated):
    with session_of(simulated, ("slow", "work(9.9)"), ("answer", PLAN)) as session:
        session.load()
    assert session.cell_errors == {}


def test_cells_run_again_after_an_answer_ended_its_worker(simulated):
    with session_of(simulated, ("count", "runs = 1"), ("answer", PLAN)) as session:
        assert texts(ask(session, {"end": 0})) == ["Exit: the code ended its own process"]
        assert ask(session, {}) == [7]
    assert len(simulated.forks) == 2
    assert simulated.ended == 2


def test_a_call_may_take_its_seconds_and_no_more(simulated):
    with session_of(simulated) as session:
        assert ask(session, {"work": 4.9}) == [7]
        before = simulated.now
        assert texts(ask(session, {"work": 5.1})) == ["Timeout: no answer within 5 s: is there a loop without end?"]
        assert simulated.now == before + 5.0


def test_each_answer_has_the_seconds_of_a_call_and_all_together_the_total(simulated):
    with session_of(simulated) as session:
        assert ask(session, *[{"work": 4.0}] * 3) == [7, 7, 7]
        before = simulated.now
        outcomes = texts(ask(session, *[{"work": 2.0}] * 5, seconds=3.0, total=5.0))
    assert outcomes == [7, 7, "Timeout: no answer within 3 s: is there a loop without end?"]
    assert simulated.now == before + 5.0


def test_a_submission_has_its_seconds_and_no_more(simulated):
    with session_of(simulated) as session:
        for _ in range(24):
            assert ask(session, {"work": 4.0}) == [7]
        before = simulated.now
        assert texts(ask(session, {"work": 4.5}))[0].startswith("Timeout")
        assert simulated.now == before + 4.0  # what was left of its 100
        simulated.now += 0.01
        assert texts(ask(session, {})) == ["Timeout: the submission took more than 100 s in all"]


def test_the_first_zygote_costs_the_submission_nothing_and_whatever_it_ends_does(monkeypatch):
    simulated = SimulatedSandbox(LIMITS, start=40.0).install(monkeypatch)
    with session_of(simulated) as session:
        assert texts(ask(session, {"end": 0})) == ["Exit: the code ended its own process"]
        assert ask(session, *[{"work": 4.9}] * 12) == [7] * 12
        assert texts(ask(session, {"work": 4.9}))[0].startswith("Timeout")
        forks = len(simulated.forks)
        assert texts(ask(session, {})) == ["Timeout: the submission took more than 100 s in all"]
        assert len(simulated.forks) == forks == 2


def test_a_submission_may_end_its_worker_so_many_times_and_is_then_asked_nothing_more(simulated):
    cells = [(f"cell {number}", "end()") for number in range(500)]
    with session_of(simulated, *cells, ("answer", PLAN)) as session:
        assert texts(ask(session, {})) == ["Timeout: the code ended its own process 200 times"]
        session.load()
    assert len(simulated.forks) == 200


def test_a_submission_may_end_so_many_zygotes(simulated):
    with session_of(simulated) as session:
        assert ask(session, {}) == [7]
        simulated.starts += 2
        assert ask(session, {}) == [7]
        simulated.starts += 1
        assert texts(ask(session, {}))[0].startswith("Timeout: the code left more files behind than can be removed")


def test_what_is_read_of_a_submission_is_bounded_in_all(simulated, monkeypatch):
    monkeypatch.setattr("autograder.engine.session.MAX_TAKEN", 10_000)
    with session_of(simulated) as session:
        asked = 0
        while ask(session, {}) == [7]:
            asked += 1
        assert 1 < asked < 10_000 // 256
        assert texts(ask(session, {})) == ["Timeout: the answers of this submission are too large, all together"]


def test_items_count_for_what_they_take_in_memory(simulated):
    with session_of(simulated, ("answer", "def answer(size):\n    return [None] * size")) as session:
        ask(session, {})
        session.load()
        before = session.taken
        session.ask([({"op": "call", "entries": ["answer"], "after": False}, [1000])])
    assert session.taken - before > 1000 * 256


def test_answers_that_are_held_together_are_bounded(simulated, monkeypatch):
    monkeypatch.setattr("autograder.judging.answers.MAX_TOGETHER", 100_000)
    with session_of(simulated, ("answer", "def answer(size):\n    return [None] * size")) as session:
        student = student_of(session)
        student._together = False
        outcomes = list(student.outcomes([probe(300)] * 4))
        assert [len(one) for one in outcomes[:2]] == [300, 300]
        assert texts(outcomes[2:]) == ["Other: output too large: all answers of a check together"] * 2
        assert len(student(300)) == 300


def test_answers_to_what_is_asked_together_are_bounded(simulated, monkeypatch):
    monkeypatch.setattr("autograder.engine.session.MAX_FRAMES", 100_000)
    with session_of(simulated, ("answer", "def answer(size):\n    return [None] * size")) as session:
        asked = [({"op": "call", "entries": ["answer"], "after": False}, [200])] * 9
        *some, last = session.ask(asked)
        assert len(some) < 9
        assert str(last) == "Other: output too large: all answers together"


def test_a_renewed_session_runs_the_cells_again_and_remembers_nothing(simulated):
    source = "seen = []\ndef answer(step):\n    seen.append(step)\n    return len(seen)"
    with session_of(simulated, ("answer", source)) as session:
        student = student_of(session)
        assert [student({}), student({})] == [1, 2]
        student.renew()
        assert student({}) == 1
    assert len(simulated.forks) == 2


def test_what_cells_print_is_kept_up_to_a_megabyte(simulated):
    cells = [(f"cell {number}", "print('x' * 20_000)") for number in range(80)]
    with session_of(simulated, *cells) as session:
        session.load()
        assert sum(map(len, session.printed.values())) == 2**20


def test_an_error_of_the_answer_is_an_outcome_among_others(simulated):
    with session_of(simulated) as session:
        outcomes = texts(ask(session, {}, {"raise": 0}, {}))
    assert outcomes[::2] == [7, 7]
    assert outcomes[1].startswith("ValueError: told to (line 9")
    assert len(simulated.forks) == 1


def test_every_frame_has_a_number_that_cannot_be_guessed(simulated):
    with session_of(simulated) as session:
        for _ in range(20):
            ask(session, {})
    numbers = {frame["id"] for frame in simulated.frames}
    assert len(numbers) == len(simulated.frames)
    assert max(numbers) > 2**50


def test_a_question_that_is_asked_often_is_written_once(simulated):
    with session_of(simulated) as session:
        kind, other = {"op": "call", "entries": ["answer"]}, {"op": "call", "entries": ["answer"], "after": True}
        assert session.ask([(kind, [{}]), (other, [{}]), (kind, [{}])]) == [7, (7, ({},)), 7]
    assert len(simulated.frames[-1]["kinds"]) == 2


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"Z", "Other: the process sent something else than data: unknown tag"),
        (
            channel.encode({"id": 1, "answers": [{"value": 7}]}),
            "Other: the process sent something else than its answer",
        ),
        (None, "Exit: the code ended its own process"),
    ],
    ids=["no data", "another number", "the end"],
)
def test_whatever_else_comes_is_an_error_of_the_answer_and_ends_its_worker(simulated, monkeypatch, sent, told):
    with session_of(simulated) as session:
        session.load()
        monkeypatch.setattr(channel, "read_frame", lambda descriptor, deadline: sent)
        assert texts(ask(session, {})) == [told]
    assert simulated.ended == 1


def test_answers_to_an_earlier_question_are_refused(simulated, monkeypatch):
    with session_of(simulated) as session:
        assert ask(session, {}) == [7]
        old = channel.encode({"id": simulated.frames[-1]["id"], "answers": [{"value": 7}]})
        monkeypatch.setattr(channel, "read_frame", lambda descriptor, deadline: old)
        assert texts(ask(session, {})) == ["Other: the process sent something else than its answer"]


def test_answers_that_come_too_many_in_the_end_are_refused(simulated, monkeypatch):
    replies = iter([1, 2])

    def read(descriptor, deadline):
        answers = [{"value": 7}] * next(replies)
        return channel.encode({"id": simulated.frames[-1]["id"], "answers": answers})

    with session_of(simulated) as session:
        session.load()
        monkeypatch.setattr(channel, "read_frame", read)
        assert texts(ask(session, {}, {})) == [7, "Other: the process sent something else than its answer"]


def test_a_question_that_cannot_be_sent_in_time_is_a_timeout(simulated, monkeypatch):
    seen = []

    def refuse(descriptor, payload, deadline):
        seen.append(deadline - simulated.now)
        raise TimeoutError

    with session_of(simulated) as session:
        session.load()
        monkeypatch.setattr(channel, "write_frame", refuse)
        assert texts(ask(session, {}, seconds=3.0))[0].startswith("Timeout: no answer within 3 s")
        assert texts(ask(session, {}, seconds=3.0, total=2.0))[0].startswith("Timeout: no answer within 3 s")
    assert seen[0] == pytest.approx(3.0)


# ---- one exercise of a submission ------------------------------------------------------------------------------


def student_of(session):
    return RemoteAnswer(EXERCISE, session)


def test_an_exercise_has_its_seconds_and_leaves_the_others_theirs(simulated):
    with session_of(simulated) as session:
        student = student_of(session)
        assert [student({"work": 4.0}) for _ in range(5)] == [7] * 5
        with pytest.raises(AnswerError, match="Timeout: this exercise took more than 20 s in all"):
            student({})
        assert student_of(session)({}) == 7


def test_what_is_left_of_an_exercise_bounds_a_call(simulated):
    with session_of(simulated) as session:
        student = student_of(session)
        for _ in range(4):
            student({"work": 4.5})
        with pytest.raises(AnswerError, match="no answer within 2 s"):
            student({"work": 2.5})


def test_all_questions_asked_together_have_the_exercises_seconds(simulated):
    with session_of(simulated) as session:
        student = student_of(session)
        before = simulated.now
        outcomes = texts(student.outcomes([probe({"work": 3.0})] * 8))
    assert outcomes[:6] == [7] * 6
    assert outcomes[6].startswith("Timeout")
    assert outcomes[7] == "Timeout: this exercise took more than 20 s in all"
    assert simulated.now == before + 20.0


def test_loading_costs_the_exercise_nothing(simulated):
    with session_of(simulated, ("slow", "work(9)"), ("slow too", "work(9)"), ("answer", PLAN)) as session:
        student = student_of(session)
        assert [student({"work": 4.0}) for _ in range(4)] == [7] * 4


def test_two_calls_may_use_up_their_time_and_those_after_them_get_a_tenth(simulated):
    with session_of(simulated) as session:
        student = student_of(session)
        spent = []
        for _ in range(4):
            session.load()
            before = simulated.now
            with pytest.raises(AnswerError, match="Timeout"):
                student({"work": 60.0})
            spent.append(simulated.now - before)
        assert student.timeouts == 4
        session.load()
        assert student({"work": 0.4}) == 7
    assert spent == pytest.approx([5.0, 5.0, 0.5, 0.5])


def test_only_what_timed_out_is_counted_as_a_timeout(simulated):
    with session_of(simulated) as session:
        student = student_of(session)
        list(student.outcomes([probe({"raise": 0}), probe({"end": 0}), probe({})]))
        assert student.timeouts == 0
        list(student.outcomes([probe({"work": 6.0}), probe({})]))
        assert student.timeouts == 1


def test_after_an_answer_ended_its_worker_it_is_asked_one_by_one(simulated):
    with session_of(simulated) as session:
        student = student_of(session)
        assert texts(student.outcomes([probe({}), probe({"end": 0}), probe({}), probe({})])) == [
            *(7, "Exit: the code ended its own process", 7, 7),
        ]
        asked = [len(frame["requests"]) for frame in simulated.frames if "name" not in frame["kinds"][0]]
        assert asked == [4, 1, 1, 1]
        assert texts(student.outcomes([probe({})] * 3)) == [7, 7, 7]
        assert len(simulated.frames[-1]["requests"]) == 1


def test_after_a_timeout_the_rest_is_asked_together(simulated):
    with session_of(simulated) as session:
        outcomes = texts(student_of(session).outcomes([probe({}), probe({"work": 9.0}), probe({}), probe({})]))
        asked = [len(frame["requests"]) for frame in simulated.frames if "name" not in frame["kinds"][0]]
    assert outcomes == [7, "Timeout: no answer within 5 s: is there a loop without end?", 7, 7]
    assert asked == [4, 2]


# ---- what is asked ---------------------------------------------------------------------------------------------


def local(function):
    return LocalAnswer(EXERCISE, (function,))


def both_kinds(test):
    return pytest.mark.parametrize("remote", [False, True], ids=["in this process", "in a session"])(test)


@pytest.fixture
def made(simulated):
    """An answer of this source, on either side."""
    open_sessions = []

    def make(source, remote, exercise=EXERCISE):
        if remote:
            open_sessions.append(session_of(simulated, ("answer", source)))
            return RemoteAnswer(exercise, open_sessions[-1])
        names: dict = {}
        exec(source, names)
        return LocalAnswer(exercise, tuple(names[entry] for entry in exercise.entries))

    yield make
    for one in open_sessions:
        one.__exit__()


APPEND = "def answer(numbers):\n    numbers.append(9)\n    return len(numbers)"


@both_kinds
def test_a_call_gives_its_value_and_the_caller_keeps_its_arguments(made, remote):
    student, numbers = made(APPEND, remote), [1, 2]
    assert student(numbers) == 3
    assert numbers == [1, 2]


def left_by(student, *args):
    """The value of one call and its arguments as it left them."""
    return next(student.each([args], after=True))


@both_kinds
def test_a_call_may_be_asked_for_what_it_left_of_its_arguments(made, remote):
    student = made(APPEND, remote)
    assert left_by(student, [1, 2]) == (3, ([1, 2, 9],))
    assert student([1, 2]) == 3
    assert list(student.each([([1],), ([1, 2],)], after=True)) == [(2, ([1, 9],)), (3, ([1, 2, 9],))]
    assert list(student.each([([1],), ([1, 2],)])) == [2, 3]


@both_kinds
def test_an_error_is_raised_where_its_value_is_asked_for(made, remote):
    student = made("def answer(number):\n    return 1 / number", remote)
    with pytest.raises(AnswerError, match="ZeroDivisionError"):
        student(0)
    with pytest.raises(AnswerError, match="ZeroDivisionError"):
        left_by(student, 0)
    outcomes = list(student.outcomes([probe(0), probe(0, after=True), probe(2), probe(2, after=True)]))
    assert [getattr(one, "tag", one) for one in outcomes] == [
        *("ZeroDivisionError", "ZeroDivisionError", 0.5, (0.5, (2,))),
    ]


@both_kinds
def test_values_are_read_under_all_their_names_and_in_order(made, remote):
    exercise = handmade(asks, entries=("first", "second"), values=True)
    assert made("first, second = 1, 'two'", remote, exercise)() == (1, "two")
    exercise = handmade(asks, entries=("first",), values=True)
    assert made("first = 1", remote, exercise)() == 1


@both_kinds
def test_scenarios_run_beside_the_answer_each_its_own(made, remote):
    student = made("def answer(number):\n    return 2 * number", remote)
    assert student.run(scenarios.twice, 3) == 12
    assert student(3) == 6
    assert student.run(scenarios.thrice, 3) == 24
    assert list(student.each([(1,), (5,)], scenarios.twice)) == [4, 20]


@pytest.mark.parametrize("claimed", [7, (7,), (7, [1]), (7, (1,), 2)], ids=["no pair", "alone", "a list", "a triple"])
def test_a_worker_that_leaves_the_arguments_out_is_not_believed(simulated, monkeypatch, claimed):
    monkeypatch.setattr(zygote.ForkedWorker, "handle", lambda worker, request: {"value": claimed, "printed": ""})
    with session_of(simulated) as session, pytest.raises(AnswerError, match="else than a value and its arguments"):
        left_by(student_of(session), 1)


def test_a_right_answer_of_plain_values_is_a_function_that_returns_them():
    one = handmade(asks, entries=("first",), values=True)
    two = handmade(asks, entries=("first", "second"), values=True)
    assert LocalAnswer.of(one, lambda: (1, 2))() == (1, 2)
    assert LocalAnswer.of(two, lambda: (1, 2))() == (1, 2)
    assert LocalAnswer.of(two, lambda: [1, 2])() == (1, 2)
    assert LocalAnswer.of(EXERCISE, lambda number: number + 1)(1) == 2


def test_an_answer_that_is_missing_is_named():
    with pytest.raises(AnswerError, match="Missing: `second` is not defined"):
        LocalAnswer(handmade(asks, entries=("first", "second"), values=True), (1,))()


def test_a_session_bounds_nothing_but_by_its_limits(simulated):
    with session_of(simulated) as session:
        assert session.limits is LIMITS
        assert ask(session, {"work": 4.9}, total=math.inf) == [7]


@pytest.mark.parametrize(
    ("response", "seen"),
    [
        ({"value": 3}, 3),
        ({}, None),
        ({"error": "Missing", "message": "gone"}, "Missing: gone"),
        ({"error": "Exit", "message": "left"}, "Exit: left"),
        ({"error": "KeyError", "message": "'price'"}, "KeyError: 'price'"),
        ({"error": "KeyError"}, "KeyError"),
        ({"error": "Timeout", "message": "late"}, "Other: late"),
        ({"error": "SystemError", "message": "odd"}, "Other: odd"),
        ({"error": None, "message": "odd"}, "Other: odd"),
        ({"error": "KeyError", "message": 3}, "KeyError"),
        ({"error": "KeyError", "value": 3}, "KeyError"),
    ],
)
def test_a_response_is_a_value_or_one_of_the_errors_that_there_are(simulated, monkeypatch, response, seen):
    monkeypatch.setattr(zygote.ForkedWorker, "handle", lambda worker, request: response)
    with session_of(simulated) as session:
        assert texts(ask(session, {})) == [seen]


def test_a_message_is_cut_where_it_is_read(simulated, monkeypatch):
    long = {"error": "KeyError", "message": "x" * 10_000}
    monkeypatch.setattr(zygote.ForkedWorker, "handle", lambda worker, request: long)
    with session_of(simulated) as session:
        assert ask(session, {})[0].message == "x" * 2_000
