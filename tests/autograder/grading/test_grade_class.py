"""Nothing is lost: a run killed at any moment resumes to the same marks; full disks and locks leave a clean state."""

import copy
import errno
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from autograder.desk import run
from autograder.files import write_atomically
from autograder.gradebook import enter, marks
from autograder.grading.course import Course
from autograder.results import UsageError
from tests.autograder.conftest import NAME, hand_in, with_answer

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
            (class_.private / "written" / NAME / f"{victim.stem}.key").unlink(missing_ok=True)
        for path in class_.private.glob("records/*/*.json"):
            json.loads(path.read_text())  # whole, or not there
    run.run(class_)
    fresh = Course.open(class_.root)
    killed = outcome(fresh)
    for path in [*fresh.private.glob("records/*/*.json"), *fresh.private.glob("written/*/*.key")]:
        path.unlink()
    (fresh.root / "gradebook.db").unlink()
    run.run(fresh)
    assert outcome(fresh) == killed
    assert [row["score"] for row in killed[1]] == [(9.0, 6.0, 0.0)[number % 3] for number in range(STUDENTS)]


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
        run.run(course)
    assert len(list(course.private.glob("records/*/*.json"))) == 1
    summary = run.run(course)
    assert (summary.graded, summary.cached, summary.written) == (1, 1, 2)


@pytest.mark.sandbox
def test_a_locked_gradebook_is_one_sentence_and_keeps_the_records(course, released, monkeypatch):
    hand_in(course, "ada", with_answer(released, "right"))
    run.run(course, records_only=True)
    lock = sqlite3.connect(course.root / "gradebook.db")
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(UsageError, match=r"gradebook\.db is locked by another program"):
        enter.write_gradebook(course)
    lock.rollback()
    lock.close()
    assert enter.write_gradebook(course) == 1


@pytest.mark.sandbox
def test_a_damaged_record_is_graded_again(course, released):
    hand_in(course, "ada", with_answer(released, "right"))
    run.run(course)
    course.record_path("ada", NAME).write_text('{"key": "cut sho')
    assert run.run(course).graded == 1


@pytest.mark.sandbox
def test_a_changed_check_or_secret_makes_old_records_void(course, released, monkeypatch):
    hand_in(course, "ada", with_answer(released, "right"))
    run.run(course)
    one = course.submission("ada", NAME)
    assert course.current_record(one) is not None
    (course.private / "secret").write_text("00" * 32)
    assert Course.open(course.root).current_record(one) is None
