"""A class is graded: every submission once, in parallel, resumable; what a person must look at is said.

Nothing is lost: a run killed at any moment resumes to the same marks; full disks and locks leave a clean state.
"""

import copy
import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from autograder.desk.run import run
from autograder.engine.sandbox import SandboxError
from autograder.files import write_atomically
from autograder.gradebook import enter, marks
from autograder.grading import grade_class, submission
from autograder.grading.course import Course, CourseError
from autograder.grading.grade_class import IN_FLIGHT
from autograder.grading.record import GRADER_ERROR, UNGRADABLE, blank_record
from autograder.grading.submission import grade
from autograder.results import UsageError, Verdict
from tests.autograder.by_hand import FULL, LAYERS, checked, graded, record, result
from tests.autograder.conftest import NAME, hand_in, with_answer

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
def one_at_a_time(monkeypatch, request):
    """Nothing is graded: waiting for the jobs in hand finishes the first of them, and the layers are those by hand."""
    if request.node.get_closest_marker("sandbox"):
        return
    real = grade_class.wait

    def wait(running, return_when):
        next(iter(running)).executor.finish()
        return real(running, return_when=return_when)

    monkeypatch.setattr(grade_class, "wait", wait)
    monkeypatch.setattr(Course, "layers", lambda course: LAYERS)


def full(job):
    return {**blank_record(job), "exercises": {"masked_mean": FULL.to_dict()}, "seconds": 0.0}


def reasons(summary):
    return [(one.student, one.assignment, one.reason) for one in summary.for_review]


def class_of(course, released, *students):
    for student in students:
        hand_in(course, student, copy.deepcopy(released))


def test_what_was_handed_in_is_graded_once_and_entered(course, released):
    class_of(course, released, "ada", "bob", "cleo")
    graded(course, "bob", released, FULL)
    executor = ByHand(full)
    first = run(course, executor)
    assert executor.students == ["ada", "cleo"]
    assert (first.graded, first.cached, first.entered.written) == (2, 1, 3)
    assert (first.for_review, first.unknown) == ([], [])
    again = run(course, ByHand(full))
    assert (again.graded, again.cached, again.entered.written) == (0, 3, 0)
    assert {row["student"]: row["score"] for row in marks.marks(course)} == dict.fromkeys(("ada", "bob", "cleo"), 9.0)


def test_records_of_other_layers_are_graded_anew_once_anything_is(course, released, monkeypatch):
    graded(course, "ada", released, FULL)
    monkeypatch.setattr(Course, "layers", lambda course: (*LAYERS, "one more"))
    executor = ByHand(full)
    summary = run(course, executor, records_only=True)
    assert (executor.students, summary.graded, summary.cached) == ([], 0, 1)
    hand_in(course, "bob", copy.deepcopy(released))
    summary = run(course, executor, records_only=True)
    assert (executor.students, summary.graded, summary.cached) == (["bob", "ada"], 2, 0)
    assert course.read_record("ada", NAME)["layers"] == [*LAYERS, "one more"]


@pytest.mark.parametrize("trust", [True, False], ids=["trusted now", "trusted then"])
def test_a_record_made_with_trust_is_none_without_it_and_the_other_way_round(course, released, trust):
    course.trust = not trust
    graded(course, "ada", released, FULL)
    course.trust = trust
    executor = ByHand(full)
    assert run(course, executor, records_only=True).graded == 1
    assert executor.students == ["ada"]
    assert run(course, executor, records_only=True).graded == 0


def test_where_nothing_is_due_no_process_starts(course, released, monkeypatch):
    graded(course, "ada", released, FULL)

    def refuse(*args):
        raise AssertionError("a process was to be started")

    monkeypatch.setattr(Course, "layers", refuse)
    monkeypatch.setattr(grade_class, "Crew", refuse)
    for executor in (None, ByHand(full)):
        assert run(course, executor, jobs=2, records_only=True).cached == 1


def test_only_what_is_wanted_is_graded_and_again_when_asked(course, released):
    class_of(course, released, "ada", "bob")
    graded(course, "ada", released, FULL)
    executor = ByHand(full)
    wanted = {"wanted": lambda submission: submission.student == "ada"}
    assert grade_class.grade_class(course, executor, **wanted).graded == 0
    assert grade_class.grade_class(course, executor, **wanted, again=True).graded == 1
    assert executor.students == ["ada"]


def test_progress_begins_with_what_was_done_and_ends_with_all(course, released):
    class_of(course, released, "ada", "bob", "cleo")
    graded(course, "bob", released, FULL)
    told = []
    run(course, ByHand(full), tick=lambda done, total: told.append((done, total)), records_only=True)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_a_killed_run_left_is_swept_up(course, released):
    class_of(course, released, "ada")
    part = course.private / "records" / NAME / ".bob.json.0123456789abcdef.part"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_text("{")
    os.utime(part, (0, 0))
    run(course, ByHand(full), records_only=True)
    assert not part.exists()


def test_records_alone_leave_the_gradebook_as_it_was(course, released):
    class_of(course, released, "ada")
    before = (course.root / "gradebook.db").read_bytes()
    summary = run(course, ByHand(full), records_only=True)
    assert (summary.graded, summary.entered) == (1, None)
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
    first = run(course, ByHand(answer), records_only=True)
    assert reasons(first) == expected
    assert (first.graded, first.cached, first.not_graded) == (2, 0, 2)  # a failing check leaves the others graded
    executor = ByHand(answer)
    again = run(course, executor, records_only=True)
    assert reasons(again) == expected
    assert executor.students == ["dan"]  # what failed by itself as a whole is tried again
    assert all(one.todo for one in again.for_review)
    assert (again.graded, again.cached, again.not_graded) == (0, 2, 2)


def test_a_record_that_was_changed_outside_is_graded_again_and_said(course, released):
    graded(course, "ada", released, FULL)
    graded(course, "bob", released, FULL)
    path = course.record_path("bob", NAME)
    path.write_text(path.read_text().replace('"points": 9.0', '"points": 90.0'))
    executor = ByHand(full)
    summary = run(course, executor, records_only=True)
    assert summary.changed_outside == [("bob", NAME)]
    assert (executor.students, summary.graded, summary.cached) == (["bob"], 1, 1)
    assert run(course, ByHand(full), records_only=True).changed_outside == []


def test_folders_of_nobody_are_said_and_graded_for_nobody(course, released):
    course.roster_path.write_text("id\nada\n")
    class_of(course, released, "ada", "bob", "*")
    executor = ByHand(full)
    summary = run(course, executor, records_only=True)
    assert [name for name, _ in summary.strangers] == ["*", "bob"]
    assert executor.students == ["ada"]


ODD = {
    "empty": b"",
    "cut": b'{"cells": [',
    "numbers": b'{"nbformat": 4, "cells": [{"id": 7, "cell_type": 3, "source": [1, null], "metadata": 4}]}',
    "another": json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]}).encode(),
    "utf16": '{"cells": "no"}'.encode("utf-16"),
}


def test_no_submission_ends_a_run_whatever_it_is(course, released, monkeypatch):
    def none(limits, trust):
        raise SandboxError("no sandbox here")

    monkeypatch.setattr(submission, "sandbox_of_this_process", none)
    class_of(course, released, "ada")
    for student, data in ODD.items():
        hand_in(course, student, data)
    (course.root / "submitted" / "nothing" / NAME).mkdir(parents=True)
    pipe = course.root / "submitted" / "pipe" / NAME
    pipe.mkdir(parents=True)
    os.mkfifo(pipe / f"{NAME}.ipynb")
    os.mkfifo(pipe / "timestamp.txt")
    link = course.root / "submitted" / "link"
    link.mkdir()
    (link / NAME).symlink_to(course.private)
    summary = run(course, ByHand(grade), records_only=True)
    records = {one.student: course.read_record(one.student, NAME) for one in course.submissions()}
    assert {student: made["status"] for student, made in records.items()} == {
        "ada": GRADER_ERROR,
        **dict.fromkeys((*ODD, "nothing", "pipe", "link"), UNGRADABLE),
    }
    assert {one.student for one in summary.for_review} == set(records)
    assert all(one.reason and one.todo for one in summary.for_review)


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
    assert (summary.graded, summary.not_graded) == (2, 1)
    reason = "the grading process failed: ValueError: the moon is full"
    assert reasons(summary) == [("bob", NAME, reason)]
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


# ---- nothing is lost -------------------------------------------------------------------------------------------

STUDENTS = 24
KILLS = 20
ANSWERS = ("right", "wrong", "exit")


@pytest.fixture
def class_(course, released):
    for number in range(STUDENTS):
        hand_in(course, f"s{number:02}", with_answer(copy.deepcopy(released), ANSWERS[number % 3]))
    return course


def outcome(course):
    """Everything that a run decides: the records but for their clocks, and the gradebook's marks."""
    records = {}
    for path in sorted(course.private.glob("records/*/*.json")):
        record = json.loads(path.read_text())
        record.pop("seconds")
        record.pop("seal")  # which covers the clock too
        records[path.name] = record
    return records, marks.marks(course)


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_run_killed_twenty_times_ends_with_the_marks_of_one_that_never_was(class_, tmp_path):
    """Each kill comes at a random moment of the work that is left, by SIGKILL to the whole process group."""
    rng = random.Random(20)
    program = [sys.executable, "-m", "autograder.desk.cli", "run", str(class_.root), "--jobs", "1"]
    kills = 0
    while kills < KILLS:
        before = len(list(class_.private.glob("*/*/*")))
        running = subprocess.Popen(
            program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        wanted = before + rng.randint(0, 3)  # let a few things happen, then strike in the middle of the next
        while running.poll() is None and len(list(class_.private.glob("*/*/*"))) < wanted:
            time.sleep(0.01)
        time.sleep(rng.random() * 0.2)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            kills += 1
            running.wait()
        elif before >= 2 * STUDENTS:  # all done: spoil one record, so that there is work to be killed in
            victim = rng.choice(sorted(class_.private.glob("records/*/*.json")))
            victim.unlink()
        for path in class_.private.glob("records/*/*.json"):
            json.loads(path.read_text())  # whole, or not there
    run(class_)
    fresh = Course.open(class_.root)
    killed = outcome(fresh)
    for path in fresh.private.glob("records/*/*.json"):
        path.unlink()
    (fresh.root / "gradebook.db").unlink()
    shutil.rmtree(fresh.private / "gradebooks")  # else the newest copy would come back
    run(fresh)
    assert outcome(fresh) == killed
    assert [row["raw_score"] for row in killed[1]] == [(9.0, 6.0, 0.0)[number % 3] for number in range(STUDENTS)]


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "record.json"
    write_atomically(path, b"old")

    def disk_full(*args):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["record.json"]


@pytest.mark.sandbox
def test_a_full_disk_stops_the_run_and_the_next_run_goes_on(course, released, monkeypatch):
    for student in ("ada", "bob"):
        hand_in(course, student, with_answer(copy.deepcopy(released), "right"))
    real, calls = os.fsync, []

    def full_at_the_second(descriptor):
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", "records")
        return real(descriptor)

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    with pytest.raises(OSError, match="No space left"):
        run(course)
    assert len(list(course.private.glob("records/*/*.json"))) == 1
    summary = run(course)
    assert (summary.graded, summary.cached, summary.entered.written) == (1, 1, 2)


@pytest.mark.sandbox
def test_a_locked_gradebook_is_one_sentence_and_keeps_the_records(course, released, monkeypatch):
    hand_in(course, "ada", with_answer(released, "right"))
    run(course, records_only=True)
    lock = sqlite3.connect(course.root / "gradebook.db")
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(UsageError, match=r"gradebook\.db is locked by another program"):
        enter.write_gradebook(course)
    lock.rollback()
    lock.close()
    assert enter.write_gradebook(course).written == 1


@pytest.mark.sandbox
def test_a_damaged_record_is_graded_again(course, released):
    hand_in(course, "ada", with_answer(released, "right"))
    run(course)
    course.record_path("ada", NAME).write_text('{"key": "cut sho')
    assert run(course).graded == 1


@pytest.mark.sandbox
def test_a_changed_check_or_secret_makes_old_records_void(course, released, monkeypatch):
    hand_in(course, "ada", with_answer(released, "right"))
    run(course)
    one = course.submission("ada", NAME)
    assert course.current_record(one) is not None
    (course.private / "secret").write_text("00" * 32)
    assert Course.open(course.root).current_record(one) is None
