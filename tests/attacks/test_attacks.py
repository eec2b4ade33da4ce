"""Every attack fails, and whoever is graded next by the same zygote gets the marks they earned.

The files in ``submissions/`` are hostile answers to ``masked_mean``. One that tries forbidden things says so in its
output: "refused" for what failed, "reached" for what did not.
"""

import contextlib
import math
import os
import stat
import threading
from dataclasses import dataclass

import pytest

from autograder.engine import session
from autograder.engine.session import Session
from autograder.judging.runner import PUBLISHED_SEED
from autograder.results import Verdict
from tests.attacks.conftest import ATTEMPT, GENEROUS, HERE, RIGHT, WRONG, light_zygote, run

pytestmark = pytest.mark.attack

FULL = 9.0
LOOP = 4.0  # seconds for a call of an answer that loops somewhere: its other calls take a hundredth
UNLESS_EMPTY = 7.0  # right, but misbehaves where nothing is observed: that check and the one that needs it are lost


@dataclass(frozen=True)
class Attack:
    """A row of the table of attacks (none where it is our own), and the marks that its answer earns honestly."""

    row: int | None
    score: float | None = None  # None: no more than the wrong answer that it dresses up
    tries: int = 0  # how many forbidden things it must have been refused
    says: str = ""  # what is said of the check that it spoils
    loops: bool = False  # it never answers there, and has no more than LOOP seconds to do so


ATTACKS = {
    "patch_comparisons": Attack(1),
    "always_equal": Attack(2),
    "always_equal_tensor": Attack(2),
    "ipython_hooks": Attack(3, tries=3),
    "forged_frame": Attack(4),
    "pickle_frame": Attack(5),
    "not_numbers": Attack(6),
    "oversized_frame": Attack(7, says="output too large"),
    "slow_frame": Attack(7, UNLESS_EMPTY, says="no answer within 4 s", loops=True),
    "read_files": Attack(8, tries=15),
    "scan_memory": Attack(9, tries=4),
    "poison": Attack(10, tries=30),
    "exit_at_once": Attack(11, UNLESS_EMPTY, says="ended its own process"),
    "exit_politely": Attack(11, UNLESS_EMPTY, says="ended the program"),
    "segfault": Attack(11, UNLESS_EMPTY, says="ended its own process"),
    "swallow_interrupts": Attack(12, UNLESS_EMPTY, says="no answer within 4 s", loops=True),
    "fork_bomb": Attack(13, tries=6),
    "thread_bomb": Attack(13),
    "memory_bomb": Attack(13, tries=4),
    "disk_flood": Attack(13, tries=2),
    "output_flood": Attack(13, FULL),
    "detached_grandchild": Attack(14, tries=3),
    "network": Attack(15, tries=8),
    "hard_coded": Attack(18, 0.0),
    "detect_grading": Attack(19, tries=1),
    "warn_loudly": Attack(22, FULL),
    "change_globals": Attack(23, FULL),
    "change_inputs": Attack(23, FULL - 1),
    "call_the_library": Attack(24, 0.0),
    "address_the_grader": Attack(25),
    "every_descriptor": Attack(None),
    "answer_another_request": Attack(None),
    "racing_thread": Attack(None),
    "racing_child": Attack(None),
    "raw_system_calls": Attack(None, tries=45),
    "other_convention": Attack(None, 0.0),
    "process_files": Attack(None, tries=25),
    "leave_behind": Attack(None, tries=13),
    "look_for_it": Attack(None, tries=2),
    "own_limits": Attack(None, tries=15),
    "changing_values": Attack(None),
    "endless_generator": Attack(None, says="output too large"),
    "endless_report": Attack(None),
    "patch_torch": Attack(None),
    "patch_the_worker": Attack(None),
    "signal_by_file": Attack(None, tries=4),
    "deep_tree": Attack(None, tries=1),
    "many_files": Attack(None),
    "alarm": Attack(None),
    "close_the_stream": Attack(None),
    "patch_builtins": Attack(None),
    "colliding_keys": Attack(None),
    "lying_exceptions": Attack(None),
    "trace_hooks": Attack(None),
    "lease": Attack(None, tries=12),
    "remember_inputs": Attack(None),
    "litter_and_exit": Attack(None),
    "large_answers": Attack(None),
}
ROWS_ELSEWHERE = {16, 17, 20, 21}  # about notebooks and archives: tests/autograder


def test_every_row_of_the_table_has_an_attack():
    assert {attack.row for attack in ATTACKS.values()} - {None} == set(range(1, 26)) - ROWS_ELSEWHERE
    assert sum(attack.row is None for attack in ATTACKS.values()) >= 15


def test_every_hostile_file_is_tried():
    assert {path.stem for path in (HERE / "submissions").glob("*.py")} == set(ATTACKS)


def verdict_of(graded, check):
    return next(one for one in graded.result.checks if one.id == check)


@pytest.fixture(scope="package")
def wrong_score(grader):
    return grader.grade(WRONG).score


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gains_nothing_and_costs_nobody(grader, outside, wrong_score, name):
    attack = ATTACKS[name]
    grader.zygote.end_worker()
    before = grader.processes()
    with grader.within(call=LOOP) if attack.loops else contextlib.nullcontext():
        graded = grader.grade(outside.read(name))
    assert "reached" not in graded.printed
    assert graded.printed.count("refused") >= attack.tries
    if attack.says:
        said = [check.summary for check in graded.result.checks if check.verdict is Verdict.STUDENT_ERROR]
        assert any(attack.says in summary for summary in said), graded.summaries
    if attack.score is None:
        assert 0 <= graded.score <= wrong_score
    else:
        assert graded.score == attack.score, graded.summaries
    assert not graded.result.needs_review
    outside.assert_untouched()
    assert grader.grade(RIGHT).score == FULL
    assert grader.processes() == before


# ---- what single attacks leave to be seen ----------------------------------------------------------------------


def test_a_call_of_the_library_is_refused_by_name(grader, outside):
    graded = grader.grade(outside.read("call_the_library"))
    assert "mtl_teach.losses.masked_loss is what this exercise asks you to write" in graded.summaries


def test_hard_coded_answers_pass_nothing_but_what_needs_no_answer(grader, outside):
    graded = grader.grade(outside.read("hard_coded"))
    assert verdict_of(graded, "test_value").verdict is Verdict.FAILED


def test_practice_and_marking_look_alike_from_inside(grader, outside):
    source = outside.read("detect_grading")
    assert grader.grade(source, PUBLISHED_SEED).printed == grader.grade(source).printed


def test_a_flood_of_output_is_cut(grader, outside):
    assert len(grader.grade(outside.read("output_flood")).printed) == 20_000


def test_a_report_without_end_is_cut_by_the_reader(grader, outside):
    graded = grader.grade(outside.read("endless_report"))
    assert len(graded.printed) <= 20_000
    assert len(graded.error) <= 3_000
    assert max(len(check.summary) for check in graded.result.checks) <= 3_000


def test_what_one_leaves_the_next_does_not_find(grader, outside):
    for first in ("leave_behind", "poison", "deep_tree", "disk_flood"):
        grader.grade(outside.read(first))
        found = grader.grade(outside.read("look_for_it"))
        assert "reached" not in found.printed
        assert found.printed.count("refused") == 2


def test_devices_of_this_machine_keep_their_mode_and_time(grader, outside):
    before = os.stat("/dev/null")
    grader.grade(outside.read("raw_system_calls"))
    grader.grade(outside.read("leave_behind"))
    after = os.stat("/dev/null")
    assert (after.st_mode, after.st_uid, after.st_mtime) == (before.st_mode, before.st_uid, before.st_mtime)
    assert stat.S_ISCHR(after.st_mode)


def test_whoever_leaves_too_many_files_costs_the_zygote_and_not_the_next():
    with light_zygote(GENEROUS, "zygote.MAX_LEFT = 5_000") as zygote:
        os.close(zygote.fork([]))
        first = zygote._process
        run(zygote, "for number in range(6_000):\n    open(str(number), 'w').close()")
        assert run(zygote, "import os\nprint(os.listdir(), len(os.listdir('/scratch')))") == "[] 1\n"
        assert zygote._process is not first


LITTER = """
import os
try:
    for number in range(10_000_000):
        os.close(os.open(str(number), os.O_CREAT | os.O_WRONLY))
finally:
    print(number)
"""


def test_a_worker_with_too_many_files_is_ended_and_the_zygote_stays():
    with light_zygote(GENEROUS) as zygote:
        os.close(zygote.fork([]))
        first = zygote._process
        assert run(zygote, LITTER) == ""
        assert run(zygote, "import os\nprint(os.listdir(), len(os.listdir('/scratch')))") == "[] 1\n"
        assert zygote._process is first


EXIT = "import os\nfor i in range(5001):\n    os.close(os.open(str(i), os.O_CREAT | os.O_WRONLY))\nos._exit(0)"


@pytest.mark.parametrize("left", [100, 200_000])
def test_cells_that_litter_and_end_their_worker_use_up_a_bound_of_their_own(monkeypatch, left):
    """Whether the zygote can remove what is left or has to be started again, and however many cells there are."""
    monkeypatch.setattr(session, "MAX_STARTS", 20)
    with light_zygote(GENEROUS, f"zygote.MAX_LEFT = {left}") as zygote:
        os.close(zygote.fork([]))
        before = zygote.starts
        with Session(zygote, [(f"cell {number}", EXIT) for number in range(1_000)], []) as one:
            (outcome,) = one.ask([({"op": "call", "entries": ["answer"], "after": False}, [])])
        assert outcome.tag == "Timeout"
        assert len(one.cell_errors) <= 20
        assert zygote.starts - before <= 4
        assert run(zygote, "print('here')") == "here\n"


def test_two_zygotes_do_not_meet_at_a_lease_a_lock_or_a_notice():
    held = """
import ctypes, fcntl, os
file = os.open(os.__file__, os.O_RDONLY)
libc = ctypes.CDLL(None, use_errno=True)
attempt("a lease", lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK))
attempt("a lease for writing", lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK))
attempt("a notice", lambda: fcntl.fcntl(os.open(os.path.dirname(os.__file__), os.O_RDONLY), fcntl.F_NOTIFY, 1))
attempt("a lock", lambda: fcntl.lockf(file, fcntl.LOCK_SH))
attempt("a lock of the file", lambda: fcntl.flock(file, fcntl.LOCK_EX))
attempt("inotify", lambda: checked(libc.inotify_init()))
attempt("memory beside the limit", lambda: os.memfd_create("beside"))
attempt("sync", lambda: checked(libc.syncfs(file)))
"""
    with light_zygote(GENEROUS) as zygote, Session(zygote, [("helper", ATTEMPT), ("cell", held)], []) as holding:
        holding.load()
        with light_zygote(GENEROUS) as other:
            for printed in (holding.printed["cell"], run(other, held)):
                assert "reached" not in printed
                assert printed.count("refused") == 8
            how = os.O_RDWR if os.access(os.__file__, os.W_OK) else os.O_RDONLY
            os.close(os.open(os.__file__, how | os.O_NONBLOCK))  # nothing that is held makes anybody wait


def test_on_a_kernel_without_landlock_the_other_layers_hold():
    touch = """
import os
open("/scratch/answer", "w").close()
for path in ("/proc/1/mem", "/proc/1/environ", "/proc/sys/kernel/core_pattern", "/beside", "/dev/answer"):
    attempt(path, lambda: open(path, "r+b" if path.startswith("/proc") else "w"))
attempt("kill", lambda: os.kill(1, 9))
attempt("the zygote's descriptors", lambda: [open(f"/proc/1/fd/{number}", "r+b") for number in range(8)])
"""
    with light_zygote(GENEROUS, "zygote.lockdown.landlock_version = lambda: 0") as zygote:
        assert not any("landlock" in layer for layer in zygote.layers)
        printed = run(zygote, touch)
        assert "reached" not in printed
        assert printed.count("refused") == 7
        assert run(zygote, "import os\nprint(len(os.listdir('/scratch')))") == "1\n"


def test_a_loop_in_every_check_costs_little_more_than_two_limits(grader, monkeypatch):
    """After the second answer that never came, each has a tenth of the time."""
    seconds, ask = [], Session.ask

    def noted(session, questions, limit=None, total=math.inf):
        seconds.append(limit)
        return ask(session, questions, limit, total)

    monkeypatch.setattr(Session, "ask", noted)
    with grader.within(call=0.5):
        graded = grader.grade("def masked_mean(values, mask):\n    while True:\n        pass")
    assert graded.score == 0
    assert seconds == [0.5, 0.5, *[0.05] * (len(seconds) - 2)]
    assert 2 < len(seconds) <= len(graded.result.checks)
    assert all("Stopped" in check.summary or "Fix this first" in check.summary for check in graded.result.checks)


def test_a_loop_in_a_cell_costs_the_cell(grader):
    with grader.within(cell=1):
        graded = grader.grade(RIGHT + "\nwhile True:\n    pass\n")
    assert graded.error.startswith("Timeout: no answer within 1 s")
    assert graded.score == 0


def test_a_worker_that_stops_reading_meets_the_deadline(grader):
    source = "import time\ndef masked_mean(values, mask):\n    time.sleep(3600)"
    with grader.within(call=0.5):
        graded = grader.grade(source)
    assert graded.score == 0
    assert "Stopped: no answer within 0.5 s" in graded.summaries


def test_attacks_at_the_same_time_do_not_disturb_a_neighbour(grader, outside):
    bombs = [outside.read(name).replace("import torch", "") for name in ("disk_flood", "thread_bomb", "fork_bomb")]
    scores = []
    with light_zygote(grader.zygote.limits) as other:
        storm = threading.Thread(target=lambda: [run(other, bomb) for bomb in bombs])
        storm.start()
        while storm.is_alive() or not scores:
            scores.append(grader.grade(RIGHT).score)
        storm.join()
    assert set(scores) == {FULL}
