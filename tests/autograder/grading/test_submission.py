"""One submission becomes one record: graded with its own seeds, behind the layers asked for, and never by accident."""

import json
import re
from dataclasses import replace

import pytest

from autograder import exercises
from autograder.engine import sandbox
from autograder.engine.sandbox import Limits, Sandbox, SandboxError
from autograder.grading import key, submission
from autograder.grading.assignment import Assignment, Written
from autograder.grading.intake import FOUND, IN_TEXT
from autograder.grading.record import Job, blank_record, results_of, seed_for
from autograder.grading.submission import close_sandboxes, grade, sandbox_of_this_process
from autograder.judging import runner
from autograder.judging.examples import calls_of_the_checks
from autograder.judging.runner import PUBLISHED_SEED, rng_for
from autograder.results import Verdict
from autograder.testing import INPUTS_LEFT, fail
from tests.handmade import handmade, publish
from tests.simulated import SimulatedSandbox

NAMES = ("latency_objective", "weighted_total")
LAYERS = ("a wall", "a moat")
LIMITS = Limits(cell=10.0, call=5.0, exercise=20.0, submission=100.0)
RIGHT = {
    "latency_objective": "def latency_objective(ce, latency_ms, budget_ms, lam):\n"
    "    return ce + lam * max(0.0, latency_ms - budget_ms)",
    "weighted_total": "def weighted_total(losses, weights):\n"
    "    return sum(weights[task] * loss for task, loss in losses.items())",
}
SECRET = b"s" * 32


def assignment_of(*names, locked=(("setup", "LIMIT = 3"),)):
    checks = [f"check-{name}" for name in names]
    return Assignment("ps01", names, locked, (*dict(locked), *names, *checks))


def notebook(**sources):
    """The bytes of a notebook whose cells have these names."""
    cells = [
        {
            "cell_type": "code",
            "source": source,
            "metadata": {"nbgrader": {"grade_id": name.replace("check_", "check-")}},
        }
        for name, source in sources.items()
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def job_of(data, assignment=None, student="ada", secret=SECRET, layers=LAYERS, **more):
    assignment = assignment or assignment_of(*NAMES)
    seeds = {name: seed_for(secret, student, name) for name in assignment.exercises}
    made = key.key_of(student, assignment, data, secret, layers)
    return Job(student, assignment, data, seeds, made, layers, LIMITS, **more)


@pytest.fixture
def simulated(monkeypatch):
    """Workers without processes in place of this process's zygote."""
    stand_in = SimulatedSandbox(LIMITS, LAYERS).install(monkeypatch)
    monkeypatch.setattr(submission, "sandbox_of_this_process", lambda limits, trust: stand_in)
    return stand_in


def scores(record):
    return {name: result.score for name, result in results_of(record).items()}


# ---- marks ---------------------------------------------------------------------------------------------------------


def test_a_right_submission_has_full_marks_and_a_record_that_says_by_what(simulated):
    job = job_of(notebook(**RIGHT))
    record = grade(job)
    seconds = record.pop("seconds")
    believed = {"weighted_total": {"test_inputs_unchanged": INPUTS_LEFT}}
    assert record == {**blank_record(job), "exercises": record["exercises"], "believed": believed}
    assert scores(record) == {name: exercises.load(name).max_score for name in NAMES}
    assert (record["status"], record["reason"], record["cells"]) == ("graded", "", {})
    assert seconds == 0.0  # the simulated clock stood still
    json.dumps(record)


def test_a_record_says_how_long_it_took(simulated):
    slow = "work(2.5)\nwork(0.00001)\n" + RIGHT["weighted_total"]
    assert grade(job_of(notebook(weighted_total=slow)))["seconds"] == 2.5


def test_an_answer_that_is_missing_costs_its_own_points_only(simulated):
    record = grade(job_of(notebook(weighted_total=RIGHT["weighted_total"])))
    assert scores(record) == {"latency_objective": 0.0, "weighted_total": 4.0}
    first = results_of(record)["latency_objective"].checks[0]
    assert first.summary.startswith("`latency_objective` is not defined")


def test_an_answer_whose_cell_stops_is_told_why(simulated):
    record = grade(job_of(notebook(latency_objective="import nowhere", weighted_total=RIGHT["weighted_total"])))
    summaries = {check.summary for check in results_of(record)["latency_objective"].checks}
    assert summaries == {"The cell stops with ImportError: No module named 'nowhere' (line 1: `import nowhere`)"}
    assert scores(record)["weighted_total"] == 4.0


def lookup(name):
    """An answer that remembers every published input, and is right on these alone."""
    right = next(iter(exercises.load(name).alternatives.values()))
    table = {}
    for call in calls_of_the_checks(name):
        table[repr(call)] = right(*call)
    return f"TABLE = {table!r}\ndef {name}(*args):\n    return TABLE.get(repr(args), 0.0)"


def test_marks_are_drawn_from_the_jobs_seed_and_not_from_the_published_one(simulated):
    """Everything is open source: an answer that knows the published inputs by heart must not pass."""
    data = notebook(latency_objective=lookup("latency_objective"))
    job = job_of(data, assignment_of("latency_objective"))
    published = replace(job, seeds={"latency_objective": PUBLISHED_SEED})
    assert results_of(grade(published))["latency_objective"].passed
    result = results_of(grade(job))["latency_objective"]
    lost = [check for check in result.checks if check.verdict is Verdict.FAILED]
    assert [check.id for check in lost] == ["test_over_the_budget", "test_under_the_budget"]
    assert all(check.summary.startswith("Right on the practice inputs, wrong on others") for check in lost)
    assert not any(check.inputs for check in lost)


def shows_what_it_draws(student, rng):
    """The number comes back."""
    number = int(rng.integers(10**15))
    got = student(number)
    if got != number:
        fail("It does not.", {"number": number}, number, got)


@pytest.fixture
def echoes(monkeypatch):
    """Two exercises that draw a number each."""
    made = [handmade(shows_what_it_draws, entries=(name,), name=name) for name in ("first", "second")]
    publish(monkeypatch, *made)
    monkeypatch.setattr(key, "checks_digest", lambda names: "")
    return assignment_of("first", "second")


def asked(echoes, **more):
    """The numbers that the two answers are asked about."""
    source = "seen = []\ndef first(number):\n    print(number)\n    return number\nsecond = first"
    numbers = {}
    mark = runner.mark

    def watching(exercise, student, seed):
        class Watched:
            timeouts = 0

            def __call__(self, number):
                numbers[exercise.id] = number
                return student(number)

        return mark(exercise, Watched(), seed)

    job = job_of(notebook(first=source), echoes, **more)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submission, "mark", watching)
        record = grade(job)
    assert scores(record) == {"first": 1.0, "second": 1.0}
    for name, number in numbers.items():
        assert number == rng_for(job.seeds[name], name, shows_what_it_draws.__name__).integers(10**15)
    return numbers


def test_every_student_secret_and_exercise_is_asked_something_else(simulated, echoes):
    numbers = [
        number for more in ({}, {"student": "bob"}, {"secret": b"t" * 32}) for number in asked(echoes, **more).values()
    ]
    assert len(set(numbers)) == len(numbers) == 6
    assert list(asked(echoes).values()) == numbers[:2]


def test_two_students_with_the_same_fault_are_shown_the_same_inputs(simulated, echoes):
    data = notebook(first="def first(number):\n    return -1\nsecond = first")
    shown = [
        [check.inputs for result in results_of(grade(job_of(data, echoes, **more))).values() for check in result.checks]
        for more in ({}, {"student": "bob"}, {"secret": b"t" * 32})
    ]
    assert shown[0] == shown[1] == shown[2]
    assert all(inputs["number"].isdigit() for inputs in shown[0])


# ---- what is run ---------------------------------------------------------------------------------------------------


def test_a_locked_cell_that_was_changed_is_not_run_and_ours_is(simulated):
    cheat = "print('changed')\nLIMIT = 0"
    answer = "print(LIMIT)\n" + RIGHT["weighted_total"]
    record = grade(job_of(notebook(setup=cheat, weighted_total=answer)))
    assert record["cells"] == {"weighted_total": {"printed": "3\n", "error": ""}}


def test_a_check_cell_is_not_run(simulated):
    record = grade(job_of(notebook(**RIGHT, check_weighted_total="print('all points')")))
    assert record["cells"] == {}
    assert scores(record)["weighted_total"] == 4.0


def test_the_functions_that_the_problem_set_teaches_are_blocked_in_every_worker(simulated):
    assignment = assignment_of(*NAMES)
    job = job_of(notebook(**{**RIGHT, "latency_objective": "def latency_objective(*args):\n    end()"}), assignment)
    grade(job)
    assert assignment.forbidden
    assert len(simulated.forks) > 1
    assert all(forbidden == assignment.forbidden for forbidden in simulated.forks)


def test_a_submission_ends_its_worker(simulated):
    grade(job_of(notebook(**RIGHT)))
    assert simulated.ended == 1


def test_what_a_cell_printed_and_stopped_with_is_kept_with_its_control_characters_written_out(simulated):
    source = 'print("\\x1b[31mred\\x1b[0m \\u202eright\\x07")\nraise ValueError("\\x1b]0;title\\x07odd")'
    record = grade(job_of(notebook(latency_objective="x = 1", weighted_total=source)))
    assert list(record["cells"]) == ["weighted_total"]
    kept = record["cells"]["weighted_total"]
    assert kept["printed"] == "\\x1b[31mred\\x1b[0m \\u202eright\\x07\n"
    assert kept["error"].startswith("ValueError: \\x1b]0;title\\x07odd (line 2")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", kept["printed"] + kept["error"])


def test_a_cell_that_only_prints_or_only_stops_is_kept_too(simulated):
    record = grade(job_of(notebook(latency_objective="print('here')", weighted_total="1 / 0")))
    assert record["cells"]["latency_objective"] == {"printed": "here\n", "error": ""}
    assert record["cells"]["weighted_total"]["error"].startswith("ZeroDivisionError")


# ---- what was found elsewhere --------------------------------------------------------------------------------------


def test_an_answer_in_a_text_cell_is_marked_and_its_record_says_that_a_person_must_look(simulated):
    made = json.loads(notebook(**RIGHT))
    made["cells"][1] = {**made["cells"][1], "cell_type": "markdown"}
    job = job_of(json.dumps(made).encode())
    record = grade(job)
    assert record["status"] == "graded"
    assert record["review"] == [{"cell": "check-weighted_total", "reason": IN_TEXT}]
    assert scores(record) == {"latency_objective": 3.0, "weighted_total": 4.0}
    accepted = grade(replace(job, accepted=True))
    assert (accepted["review"], scores(accepted)) == ([], scores(record))
    assert accepted["said"] == ["The answer to `weighted_total` stands in a text cell; it was graded as code."]


def test_a_written_answer_that_is_missing_is_said_with_the_texts_that_are_there(simulated):
    assignment = replace(assignment_of(*NAMES), written=(Written("why", "about-why", "Why?", ""),))
    made = json.loads(notebook(**RIGHT))
    made["cells"].append({"cell_type": "markdown", "source": "Because \x1b[31mof the\x1b[0m weights.", "metadata": {}})
    record = grade(job_of(json.dumps(made).encode(), assignment))
    assert record["review"] == [{"cell": "why", "reason": FOUND}]
    assert record["outside"] == ["Because \\x1b[31mof the\\x1b[0m weights."]


def test_a_python_file_is_marked_like_a_notebook(simulated):
    job = replace(job_of("\n\n".join(RIGHT.values()).encode()), file="ps01.py", said=("`ps01.py` was taken.",))
    record = grade(job)
    assert scores(record) == {"latency_objective": 3.0, "weighted_total": 4.0}
    assert (record["said"], record["review"]) == (["`ps01.py` was taken."], [])


def test_a_file_that_was_not_read_is_for_review_with_the_reason_of_the_folder(simulated):
    record = grade(replace(job_of(None), reason="`ps01.ipynb` is a link; links are not followed"))
    assert (record["status"], record["reason"]) == ("ungradable", "`ps01.ipynb` is a link; links are not followed")
    assert simulated.forks == []


def test_another_problem_set_is_for_review_with_its_name(simulated):
    assignment = replace(assignment_of(*NAMES), others=(("pareto_mask", "ps09"),), shared=("setup",))
    record = grade(job_of(notebook(setup="x = 1", pareto_mask="x = 1"), assignment))
    assert (record["status"], record["exercises"]) == ("ungradable", {})
    assert record["reason"] == "this is not problem set ps01: by its cells it is ps09"


# ---- what cannot be graded -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "no notebook named ps01.ipynb was handed in"),
        (b"{", "the file is not a notebook: it is not valid JSON"),
        (notebook(other="x = 1"), "this is not problem set ps01: none of its cells or functions is in it"),
    ],
    ids=["nothing", "no notebook", "another problem set"],
)
def test_what_cannot_be_read_is_for_review_and_has_no_result(simulated, data, why):
    job = job_of(data)
    record = grade(job)
    assert record.pop("seconds") == 0.0
    assert record == {**blank_record(job), "status": "ungradable", "reason": why}
    assert simulated.forks == []


def test_a_machine_of_other_layers_than_asked_for_gives_no_marks(simulated):
    job = job_of(notebook(**RIGHT), layers=("a wall",))
    record = grade(job)
    assert record.pop("seconds") == 0.0
    assert record == {
        **blank_record(job),
        "status": "grader_error",
        "reason": "this machine isolates by ['a wall', 'a moat'], where ['a wall'] was asked for",
    }


def test_the_same_layers_in_a_list_are_the_same_layers(simulated):
    simulated.layers = list(LAYERS)
    assert grade(job_of(notebook(**RIGHT)))["status"] == "graded"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SandboxError("grading needs bubblewrap"), "grading needs bubblewrap"),
        (RuntimeError("of 0.25"), "RuntimeError in session.py, line"),
        (KeyError("of 0.25"), "KeyError in session.py, line"),
        (MemoryError(), "MemoryError in session.py, line"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_an_error_of_ours_is_for_review_and_never_a_zero(simulated, monkeypatch, error, reason):
    def broken(forbidden):
        raise error

    monkeypatch.setattr(simulated, "fork", broken)
    job = job_of(notebook(**RIGHT))
    record = grade(job)
    assert record.pop("seconds") == 0.0
    assert record.pop("reason").startswith(reason)
    assert {**record, "reason": ""} == {**blank_record(job), "status": "grader_error"}


def test_a_check_that_breaks_leaves_the_record_graded_and_asks_for_review(simulated, monkeypatch):
    def breaks(student, rng):
        """Our fault."""
        raise RuntimeError("ours")

    publish(monkeypatch, handmade(breaks, entries=("first",), name="first"))
    monkeypatch.setattr(key, "checks_digest", lambda names: "")
    record = grade(job_of(notebook(first="first = 1"), assignment_of("first")))
    assert record["status"] == "graded"
    assert record["exercises"]["first"]["needs_review"]


def test_a_submission_without_a_seed_for_an_exercise_is_an_error_of_ours(simulated):
    job = replace(job_of(notebook(**RIGHT)), seeds={})
    assert grade(job)["reason"].startswith("KeyError in submission.py, line")


@pytest.mark.parametrize("trust", [True, False])
def test_a_record_is_stamped_with_trust_and_its_zygote_is_asked_for_it(monkeypatch, trust):
    asked = []

    def of_this_process(limits, trust):
        asked.append((limits, trust))
        raise SandboxError("no zygote today")

    monkeypatch.setattr(submission, "sandbox_of_this_process", of_this_process)
    job = replace(job_of(notebook(**RIGHT), trust=trust), limits=Limits(call=0.5))
    assert grade(job)["trusted"] is trust
    assert asked == [(Limits(call=0.5), trust)]


def test_a_process_grades_one_submission_at_a_time(monkeypatch):
    held = []
    monkeypatch.setattr(submission, "_grade", lambda job: held.append(submission._one_at_a_time.locked()) or {})
    grade(job_of(b""))
    assert held == [True]
    assert not submission._one_at_a_time.locked()


# ---- the zygote of this process ------------------------------------------------------------------------------------


class Closing:
    def __init__(self, limits, trust, imports):
        self.kind = limits, trust
        self.closed = False

    def close(self):
        self.closed = True
        raise OSError("already gone")


@pytest.fixture
def closing(monkeypatch):
    monkeypatch.setattr(submission, "Sandbox", Closing)
    monkeypatch.setattr(submission, "_sandboxes", {})


def test_a_zygote_is_kept_from_one_submission_to_the_next(closing):
    first = sandbox_of_this_process(Limits(), True)
    assert first.kind == (Limits(), True)
    assert sandbox_of_this_process(Limits(), True) is first
    assert not first.closed


@pytest.mark.parametrize("other", [(Limits(call=1.0), True), (Limits(), False)], ids=["limits", "trust"])
def test_for_other_limits_or_trust_another_one_takes_its_place(closing, other):
    first = sandbox_of_this_process(Limits(), True)
    second = sandbox_of_this_process(*other)
    assert second.kind == other
    assert first.closed
    assert list(submission._sandboxes.values()) == [second]


def test_zygotes_are_closed_even_where_one_cannot_be(closing):
    first = sandbox_of_this_process(Limits(), True)
    close_sandboxes()
    assert first.closed
    assert submission._sandboxes == {}


# ---- in processes of their own -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trusting():
    """A zygote of the library's losses alone, so that it starts quickly."""
    light = sandbox.BOOT.replace(
        "zygote.serve", "zygote.warm = lambda names: __import__('mtl_teach.losses') and None; zygote.serve"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "BOOT", light)
        patch.setattr(submission, "_sandboxes", {})
        yield
        close_sandboxes()


def graded(data, **more):
    return grade(job_of(data, layers=sandbox.TRUSTED, trust=True, **more))


def test_submissions_are_graded_in_workers_of_their_own_process(trusting):
    record = graded(notebook(**RIGHT))
    assert scores(record) == {"latency_objective": 3.0, "weighted_total": 4.0}
    assert (record["trusted"], record["layers"]) == (True, list(sandbox.TRUSTED))
    assert isinstance(next(iter(submission._sandboxes.values())), Sandbox)


def test_a_function_of_the_library_that_is_taught_does_not_answer(trusting):
    """Imported early or late, it says so instead."""
    for source in (
        "from mtl_teach.losses import weighted_sum\n"
        "def weighted_total(losses, weights):\n    return weighted_sum(losses, weights)",
        "import mtl_teach.losses\n"
        "def weighted_total(losses, weights):\n    return mtl_teach.losses.weighted_sum(losses, weights)",
    ):
        result = results_of(graded(notebook(weighted_total=source)))["weighted_total"]
        assert result.score == 0.0
        assert "mtl_teach.losses.weighted_sum is what this exercise asks you to write" in result.checks[0].summary


def test_what_one_submission_leaves_the_next_does_not_find(trusting):
    leaves = "import math, os\nmath.left = 1\nopen('left', 'w').close()\nprint(os.listdir('.'))"
    looks = "import math, os\nprint(hasattr(math, 'left'), os.listdir('.'))"
    assert graded(notebook(weighted_total=leaves))["cells"]["weighted_total"]["printed"] == "['left']\n"
    assert graded(notebook(weighted_total=looks))["cells"]["weighted_total"]["printed"] == "False []\n"


def test_an_answer_that_ends_its_process_costs_its_own_points_only(trusting):
    ends = "import os\ndef latency_objective(*args):\n    os._exit(0)"
    record = graded(notebook(latency_objective=ends, weighted_total=RIGHT["weighted_total"]))
    assert scores(record) == {"latency_objective": 0.0, "weighted_total": 4.0}
    assert record["status"] == "graded"
