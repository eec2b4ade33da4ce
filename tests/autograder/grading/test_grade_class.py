"""A class is graded: every submission once, in parallel, resumable; what a person must look at is said."""

import copy
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from autograder.desk import run as grading
from autograder.desk.course import Course, CourseError
from autograder.desk.run import IN_FLIGHT, run
from autograder.results import Verdict
from autograder.submission import GRADER_ERROR, UNGRADABLE, blank_record, grade
from tests.autograder.by_hand import FULL, LAYERS, checked, graded, record, result
from tests.autograder.conftest import NAME, hand_in

BY_ITSELF = result(checked(Verdict.PASSED, most=4.0), checked(Verdict.GRADER_ERROR, "test_gradient", 5.0))


class ByHand(Executor):
    """Gives every job the record that it is told to, one after the other, and counts how many wait at a time."""

    def __init__(self, answer):
        self.answer = answer
        self.students = []
        self.waiting = []
        self.most = 0

    def submit(self, function, job):
        assert function is grade
        self.students.append(job.student)
        self.waiting.append((future := Waiting(self), job))
        self.most = max(self.most, len(self.waiting))
        return future

    def finish(self):
        """Finish the job that waits longest."""
        future, job = self.waiting.pop(0)
        try:
            future.set_result(self.answer(job))
        except Exception as error:
            future.set_exception(error)


class Waiting(Future):
    def __init__(self, executor):
        super().__init__()
        self.executor = executor


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch):
    """Nothing is graded: waiting for the jobs in hand finishes the first of them, and the layers are those by hand."""
    real = grading.wait

    def wait(running, return_when):
        next(iter(running)).executor.finish()
        return real(running, return_when=return_when)

    monkeypatch.setattr(grading, "wait", wait)
    monkeypatch.setattr(Course, "layers", lambda course: LAYERS)


def full(job):
    return {**blank_record(job), "exercises": {"masked_mean": FULL.to_dict()}, "seconds": 0.0}


def class_of(course, released, *students):
    for student in students:
        hand_in(course, student, copy.deepcopy(released))


def test_what_was_handed_in_is_graded_once_and_entered(course, released):
    class_of(course, released, "ada", "bob", "cleo")
    graded(course, "bob", released, FULL)
    executor = ByHand(full)
    first = run(course, executor)
    assert executor.students == ["ada", "cleo"]
    assert (first.graded, first.cached, first.written) == (2, 1, 3)
    assert (first.for_review, first.unknown) == ([], [])
    again = run(course, ByHand(full))
    assert (again.graded, again.cached, again.written) == (0, 3, 0)
    assert {row["student"]: row["score"] for row in grading.marks(course)} == dict.fromkeys(("ada", "bob", "cleo"), 9.0)


def test_records_of_other_layers_are_graded_anew(course, released, monkeypatch):
    graded(course, "ada", released, FULL)
    monkeypatch.setattr(Course, "layers", lambda course: ("separate process",))
    summary = run(course, ByHand(full), records_only=True)
    assert (summary.graded, summary.cached) == (1, 0)
    assert course.read_record("ada", NAME)["layers"] == ["separate process"]


def test_progress_begins_with_what_was_done_and_ends_with_all(course, released):
    class_of(course, released, "ada", "bob", "cleo")
    graded(course, "bob", released, FULL)
    told = []
    run(course, ByHand(full), tick=lambda done, total: told.append((done, total)), records_only=True)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_records_alone_leave_the_gradebook_as_it_was(course, released):
    class_of(course, released, "ada")
    before = (course.root / "gradebook.db").read_bytes()
    summary = run(course, ByHand(full), records_only=True)
    assert (summary.graded, summary.written) == (1, 0)
    assert (course.root / "gradebook.db").read_bytes() == before


def test_a_folder_that_is_no_problem_set_is_named_and_neither_graded_nor_counted(course, released):
    class_of(course, released, "ada")
    (course.root / "submitted" / "ada" / "holiday").mkdir()
    (course.root / "submitted" / "bob" / "another").mkdir(parents=True)
    executor = ByHand(full)
    summary = run(course, executor, records_only=True)
    assert summary.unknown == [("ada", "holiday"), ("bob", "another")]
    assert (executor.students, summary.graded, summary.cached) == (["ada"], 1, 0)


def test_what_a_person_must_look_at_is_said_with_its_reason_and_nothing_else_is(course, released):
    class_of(course, released, "ada", "bob", "cleo", "dan")

    def answer(job):
        return {
            "ada": full(job),
            "bob": {**full(job), "status": UNGRADABLE, "reason": "it is no notebook", "exercises": {}},
            "cleo": {**full(job), "exercises": {"masked_mean": BY_ITSELF.to_dict()}},
            "dan": {**full(job), "status": GRADER_ERROR, "reason": "out of luck", "exercises": {}},
        }[job.student]

    expected = [
        ("bob", NAME, "it is no notebook"),
        ("cleo", NAME, "a check itself failed"),
        ("dan", NAME, "out of luck"),
    ]
    assert run(course, ByHand(answer), records_only=True).for_review == expected
    again = run(course, ByHand(answer), records_only=True)
    assert again.for_review == expected
    assert (again.graded, again.cached) == (1, 3)  # what failed by itself as a whole is tried again


def test_a_course_without_problem_sets_is_told_where_they_go(course):
    for path in (course.root / "source").rglob("*.ipynb"):
        path.unlink()
    with pytest.raises(CourseError, match=r"source holds no problem set; `mtl-grade init` puts them there"):
        run(course, ByHand(full))


def test_an_error_of_one_job_costs_that_one_and_is_tried_again(course, released):
    class_of(course, released, "ada", "bob", "cleo")

    def unlucky(job):
        if job.student == "bob":
            raise ValueError("the moon is full")
        return full(job)

    summary = run(course, ByHand(unlucky), records_only=True)
    assert summary.graded == 3
    reason = "the grading process failed: ValueError: the moon is full"
    assert summary.for_review == [("bob", NAME, reason)]
    made = course.read_record("bob", NAME)
    assert (made["status"], made["reason"], made["exercises"], made["seconds"]) == (GRADER_ERROR, reason, {}, 0.0)
    assert made["key"] == record(course, "bob")["key"]
    executor = ByHand(full)
    assert run(course, executor, records_only=True).for_review == []
    assert executor.students == ["bob"]


def test_processes_that_were_ended_from_outside_stop_the_run_and_keep_what_was_done(course, released):
    class_of(course, released, "ada", "bob")

    def ended(job):
        if job.student == "bob":
            raise BrokenProcessPool("terminated abruptly")
        return full(job)

    with pytest.raises(CourseError, match="a grading process was ended from outside; run again: what is done is kept"):
        run(course, ByHand(ended))
    assert course.read_record("ada", NAME) is not None
    assert course.read_record("bob", NAME) is None


def test_a_class_is_handed_out_a_few_at_a_time(course, released):
    students = [f"s{number:02}" for number in range(IN_FLIGHT * 8 + 3)]
    class_of(course, released, *students)
    executor = ByHand(full)
    assert run(course, executor, records_only=True).graded == len(students)
    assert executor.students == students
    assert executor.most == IN_FLIGHT * 8


def test_several_jobs_have_processes_that_import_afresh(course, released, monkeypatch):
    class_of(course, released, *(f"s{number:02}" for number in range(IN_FLIGHT * 3 + 2)))
    made = []

    class Pool(ByHand):
        def __init__(self, processes, mp_context):
            super().__init__(full)
            made.append((self, processes, mp_context.get_start_method()))

    monkeypatch.setattr(grading, "ProcessPoolExecutor", Pool)
    assert run(course, jobs=3, records_only=True).graded == IN_FLIGHT * 3 + 2
    ((pool, processes, method),) = made
    assert (processes, method, pool.most) == (3, "spawn", IN_FLIGHT * 3)


def test_one_job_is_graded_in_this_process(course, released, monkeypatch):
    class_of(course, released, "ada")
    monkeypatch.setattr(grading, "grade", full)
    monkeypatch.setattr(grading, "ProcessPoolExecutor", None)
    assert run(course, jobs=1, records_only=True).graded == 1
