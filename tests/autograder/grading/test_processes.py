"""The processes that grade: each has a sandbox of its own, whose layers were proven before it was forked."""

import copy
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from autograder.desk.run import run
from autograder.engine import sandbox
from autograder.engine.sandbox import SandboxError
from autograder.grading import processes, submission
from autograder.grading.processes import Crew, may_fork
from autograder.grading.submission import grade
from tests.autograder.conftest import NAME, hand_in, with_answer

LIGHT = sandbox.BOOT.replace("zygote.serve", "zygote.warm = print; zygote.serve")
ONE_THREAD = pytest.mark.skipif(not may_fork(), reason="this process has several threads")


@pytest.fixture
def trusting(course, monkeypatch):
    """A course whose zygotes import next to nothing and isolate nothing."""
    monkeypatch.setattr(sandbox, "BOOT", LIGHT)
    monkeypatch.setattr(submission, "_sandboxes", {})
    course.trust = True
    yield course
    submission.close_sandboxes()


def ended(pid):
    """True where a process is gone, or only waits to be counted."""
    return sandbox._Adopted(pid).poll() is not None


def seen_in_a_child():
    """What a forked grader holds: its process, its sandbox's, and whether it may speak to others."""
    (mine,) = submission._sandboxes.values()
    return os.getpid(), mine._process.pid, mine._process.poll()


@ONE_THREAD
def test_each_process_has_a_sandbox_that_was_started_before_it(trusting):
    with Crew(trusting, [trusting.assignments[NAME]], 2) as crew:
        assert crew.layers == sandbox.TRUSTED
        pids = {one._process.pid for one in crew._sandboxes}
        pool = crew.executor()
        seen = {pool.submit(seen_in_a_child).result() for _ in range(20)}
        assert len(pids) == 2
        assert {zygote for _, zygote, _ in seen} <= pids
        assert len({process for process, _, _ in seen}) == len({zygote for _, zygote, _ in seen})
        assert os.getpid() not in {process for process, _, _ in seen}
        assert {state for _, _, state in seen} == {None}
    assert all(map(ended, pids))


@ONE_THREAD
def test_a_submission_is_graded_in_a_forked_process(trusting, released):
    hand_in(trusting, "ada", with_answer(copy.deepcopy(released), "x = 1"))
    with Crew(trusting, [trusting.assignments[NAME]], 2) as crew:
        job = trusting.job(trusting.submission("ada", NAME), crew.layers)
        record = crew.executor().submit(grade, job).result()
    assert (record["status"], record["student"]) == ("graded", "ada")


@ONE_THREAD
def test_a_zygote_whose_process_is_not_ours_is_replaced_when_it_ends(trusting):
    with Crew(trusting, [trusting.assignments[NAME]], 2) as crew:
        assert crew.layers
        pool = crew.executor()
        before, after = pool.submit(replace_the_zygote).result()
        assert before != after
    assert ended(before)
    assert ended(after)


def replace_the_zygote():
    (mine,) = submission._sandboxes.values()
    before = mine._process.pid
    mine._process.kill()
    mine._process.wait()
    os.close(mine.fork([]))
    return before, mine._process.pid


def test_one_process_is_this_one(trusting):
    with Crew(trusting, [trusting.assignments[NAME]], 1) as crew:
        assert crew.executor() is None
        assert crew.layers == sandbox.TRUSTED
        assert len(submission._sandboxes) == 1


def test_beside_a_thread_nobody_is_forked(trusting, monkeypatch):
    made = []

    class Pool(ProcessPoolExecutor):
        def __init__(self, count, mp_context):
            super().__init__(count, mp_context=mp_context)
            made.append((count, mp_context.get_start_method()))

    monkeypatch.setattr(processes, "ProcessPoolExecutor", Pool)
    held = threading.Event()
    beside = threading.Thread(target=held.wait)
    beside.start()
    try:
        assert not may_fork()
        with Crew(trusting, [trusting.assignments[NAME]], 3) as crew:
            crew.executor()
    finally:
        held.set()
        beside.join()
    assert made == [(3, "spawn")]


def test_on_another_system_nobody_is_forked(monkeypatch):
    monkeypatch.setattr(processes.sys, "platform", "darwin")
    assert not may_fork()


@ONE_THREAD
def test_a_layer_that_does_not_hold_stops_everything(trusting, monkeypatch):
    pids = []

    def hole(self, facts):
        pids.append(self._process.pid)
        raise SandboxError("the moon is visible")

    trusting.trust = False
    monkeypatch.setattr(sandbox.bubblewrap, "find", lambda: "bwrap")
    monkeypatch.setattr(sandbox.Sandbox, "_setup", lambda self: ({"path": [], "outside": []}, []))
    monkeypatch.setattr(sandbox.Sandbox, "_reply", lambda self, seconds=0.0: {"facts": {}})
    monkeypatch.setattr(sandbox.Sandbox, "_proven", hole)
    monkeypatch.setattr(sandbox, "BOOT", "import sys; sys.stdin.read()")
    with (
        pytest.raises(SandboxError, match="the moon is visible"),
        Crew(trusting, [trusting.assignments[NAME]], 2) as crew,
    ):
        _ = crew.layers
    assert pids
    assert all(map(ended, pids))


@pytest.mark.sandbox
def test_two_processes_give_the_records_of_one(course, released):
    for student, answer in {"ada": "right", "bob": "wrong", "cleo": "exit"}.items():
        hand_in(course, student, with_answer(copy.deepcopy(released), answer))

    def records():
        assert run(course, jobs=jobs, records_only=True).graded == 3
        found = {path.name: course.read_record(path.stem, NAME) for path in course.private.glob("records/*/*.json")}
        for path in course.private.glob("records/*/*.json"):
            path.unlink()
        return {name: {**record, "seconds": 0} for name, record in found.items()}

    jobs = 1
    alone = records()
    jobs = 2
    assert records() == alone


KILLED = """
import os, sys
from autograder.engine import sandbox
sandbox.BOOT = {boot!r}
from autograder.grading.course import Course
from autograder.grading.processes import Crew
from tests.autograder.grading.test_processes import seen_in_a_child
course = Course.open(sys.argv[1])
course.trust = True
crew = Crew(course, [course.assignments[{name!r}]], 2)
crew.layers
pool = crew.executor()
print(*{{pid for _ in range(20) for pid in pool.submit(seen_in_a_child).result()[:2]}}, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
def test_graders_and_their_zygotes_end_with_a_parent_that_is_killed(course):
    script = KILLED.format(boot=LIGHT, name=NAME)
    done = subprocess.run(
        [sys.executable, "-c", script, str(course.root)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    pids = [int(one) for one in done.stdout.split()]
    assert len(pids) >= 2
    until = time.monotonic() + 120
    while not all(map(ended, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert all(map(ended, pids))


@ONE_THREAD
def test_a_grader_whose_parent_was_killed_before_it_could_ask_to_be_told_ends_at_once():
    child = os.fork()
    if not child:
        try:
            processes._take([], None, parent=os.getpid())  # not its parent's number
        finally:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
