"""Process 1 of a namespace: it loads the heavy packages once, and runs pytest in one fork of itself after another.

``tests.bench.code_mutation`` starts it by its path, so that nothing of the project is loaded before a fork; the
project's own modules are then read from ``tree``, a private copy in which one file may be changed for one run. Each
line on standard input is an order, each line on standard output the answer to it, both JSON.

A mutant may do anything: loop, take all memory, signal process -1, remove the wrong folder. So this runs where there is
no other process, no network, and nothing to write to but its own folder; and after every run it ends whatever is left
and puts the folder back as it was.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import importlib.metadata
import json
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import coverage
import pytest

MAX_FILE = 2**30  # bytes
TAIL = 4000  # characters of pytest's output that an answer carries
CRASHED = 70  # the exit code of a run that pytest itself did not end
end_at_once = os._exit  # coverage may replace the original


def main() -> None:
    """Serve until standard input ends."""
    if os.getpid() != 1:
        raise SystemExit("this program ends every process that it can signal: it runs as process 1 of a namespace only")
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    _point({0: "/dev/null", 1: "/dev/null"})
    setup = json.loads(orders.readline())
    _finish_namespace()
    plugins = [plugin.module for plugin in importlib.metadata.entry_points(group="pytest11")]
    for package in (*plugins, "hypothesis", *setup["preload"]):
        with contextlib.suppress(ImportError):
            importlib.import_module(package)
    gc.freeze()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    runs = Runs(Path(setup["folder"]), Path(setup["pristine"]))
    for number, line in enumerate(orders, 1):
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            orders.close()
            answers.close()
            _become_pytest(runs.folder, order, number)
        answers.write(json.dumps(runs.wait(pid, order)) + "\n")
        answers.flush()


def _finish_namespace() -> None:
    """Mount the /proc of this namespace; without privileges outside, keep none inside.

    bubblewrap's own ``--proc`` covers parts of it, and then no further namespace can be made here for submissions.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    nosuid, nodev, noexec = 2, 4, 8
    if libc.mount(b"proc", b"/proc", b"proc", nosuid | nodev | noexec, None):
        raise SystemExit(f"/proc cannot be mounted: {os.strerror(ctypes.get_errno())}")
    if os.getuid() != 0:
        version_3 = (ctypes.c_uint32 * 2)(0x20080522, 0)
        libc.capset(version_3, (ctypes.c_uint32 * 6)())


def _point(descriptors: dict[int, str]) -> None:
    """Let standard descriptors lead to files."""
    for descriptor, path in descriptors.items():
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(opened, descriptor)
        os.close(opened)


# ---- outside of a fork -----------------------------------------------------------------------------------------


class Runs:
    """A folder in which one run follows another and finds nothing of the last.

    Parameters
    ----------
    folder : Path
        Holds ``tree``, the copy of the project; ``home``, ``tmp`` and ``run`` (what a run leaves for us), emptied after
        each run; ``cache``, which stays.
    pristine : Path
        What ``tree`` is put back to.
    """

    def __init__(self, folder: Path, pristine: Path) -> None:
        self.folder, self.pristine = folder, pristine
        self.expected = dict(_files(pristine))

    def wait(self, pid: int, order: dict[str, Any]) -> dict[str, Any]:
        """Wait for a run, or end it; clean up; say how it went."""
        started = time.monotonic()
        code = _ended(pid, started + order["seconds"], order["memory"])
        seconds = time.monotonic() - started
        _end_everything()
        output = (self.folder / "run/output").read_text(encoding="utf-8", errors="replace")
        answer = {"code": code, "seconds": seconds, "output": output[-TAIL:]}
        if order["watch"] and code == 0:
            answer |= json.loads((self.folder / "run/report.json").read_text(encoding="utf-8"))
        self._clean_up()
        return answer

    def _clean_up(self) -> None:
        for name in ("home", "tmp", "run"):
            _remove(self.folder / name)
            (self.folder / name).mkdir()
        tree = self.folder / "tree"
        present = dict(_files(tree))
        for path in sorted(present.keys() - self.expected.keys()):
            _remove(tree / path)
        for path, state in self.expected.items():
            if present.get(path) != state:
                (tree / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.pristine / path, tree / path, follow_symlinks=False)


def _files(root: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every file and folder but those of compiled files, each file with what changes when it is written."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            state = os.lstat(path)
            changing = (state.st_mode, state.st_size, state.st_mtime_ns) if name in names else ()
            yield os.path.relpath(path, root), changing


def _remove(path: Path) -> None:
    """Remove a file, or a folder whatever rights the folders in it have; nothing, where there is nothing."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    os.chmod(path, 0o700)
    for inner in list(path.iterdir()):
        _remove(inner)
    path.rmdir()


def _ended(pid: int, deadline: float, memory: int) -> int | None:
    """The exit code of a process, negative after a signal; None where it took too long or too much memory."""
    while True:
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == pid:
                return os.waitstatus_to_exitcode(ended[1])
        left = deadline - time.monotonic()
        if left <= 0 or _memory() > memory:
            return None
        signal.sigtimedwait([signal.SIGCHLD], min(left, 0.5))


def _memory() -> int:
    """Bytes that all processes but this one hold."""
    pages = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1":
            with contextlib.suppress(OSError, IndexError):
                pages += int(Path("/proc", name, "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _end_everything() -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


# ---- in a fork -------------------------------------------------------------------------------------------------


def _become_pytest(folder: Path, order: dict[str, Any], number: int) -> NoReturn:
    """Run pytest on one test file and end with its exit code."""
    code = CRASHED
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        os.setsid()
        _point({0: "/dev/null", 1: str(folder / "run/output"), 2: str(folder / "run/output")})
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        tree = folder / "tree"
        if order["path"]:
            _change(tree / order["path"], order["source"], number)
        os.chdir(tree)
        sys.argv = ["pytest"]
        sys.path[:] = [str(tree), *(path for path in sys.path if path not in (str(tree), str(Path(__file__).parent)))]
        code = int(_run_pytest(folder, order))
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        end_at_once(code)


def _change(path: Path, source: str, number: int) -> None:
    """Write a changed module; its time, in seconds unlike any before, keeps compiled files of other versions unused."""
    before = path.stat()
    path.write_text(source, encoding="utf-8")
    os.utime(path, (before.st_atime, before.st_mtime + number))


def _run_pytest(folder: Path, order: dict[str, Any]) -> int:
    watcher = Watcher(set(order["tests"]), folder, order["sources"] if order["watch"] else [])
    arguments = [
        *("-x", "-q", "--no-header", "-m", order["marks"], "-p", "no:cacheprovider", "-p", "no:xdist"),
        *("-W", "ignore::pytest.PytestAssertRewriteWarning", "--tb", "short" if order["watch"] else "no"),
    ]
    if hypothesis := sys.modules.get("hypothesis"):  # the same examples every time, however slow the machine
        hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
        hypothesis.settings.load_profile("mutants")
    with watcher.tracing():
        code = pytest.main([*arguments, order["file"]], plugins=[watcher])
    if order["watch"]:
        (folder / "run/report.json").write_text(json.dumps(watcher.report()), encoding="utf-8")
    return code


class Watcher:
    """A pytest plugin: runs some tests only, or notes which tests run which lines.

    Parameters
    ----------
    tests : set of str
        The node ids to run; empty for all.
    folder : Path
        Its ``tmp`` is where the tracer's files go.
    sources : list of str
        The files to trace, as paths in the tree; empty for none.
    """

    def __init__(self, tests: set[str], folder: Path, sources: list[str]) -> None:
        self.tests = tests
        self.tree = folder / "tree"
        self.seconds: dict[str, float] = {}
        self.tracer: coverage.Coverage | None = None
        self.traced = folder / "run/traced"
        if sources:
            settings = folder / "run/coveragerc"
            settings.write_text(
                f"[run]\ndata_file = {self.traced}/data\nparallel = true\npatch = subprocess, _exit\n"
                "disable_warnings = no-data-collected\ninclude =\n"
                + "".join(f"    {self.tree / source}\n" for source in sources),
                encoding="utf-8",
            )
            self.traced.mkdir()
            self.tracer = coverage.Coverage(config_file=str(settings))

    @contextlib.contextmanager
    def tracing(self) -> Iterator[None]:
        if not self.tracer:
            yield
            return
        self.tracer.start()
        try:
            yield
        finally:
            self.tracer.stop()
            self.tracer.save()

    def report(self) -> dict[str, Any]:
        """The tests with their seconds, and for each file and line the tests that ran it.

        A line that ran outside of any one test (in an import, a shared fixture, another process) has "" among them.
        """
        lines: dict[str, dict[int, list[str]]] = {}
        for path in self.traced.iterdir():
            data = coverage.CoverageData(basename=str(path))
            with contextlib.suppress(coverage.CoverageException):  # of a process that was ended while it wrote
                data.read()
                for file in data.measured_files():
                    known = lines.setdefault(os.path.relpath(file, self.tree), {})
                    for line, contexts in data.contexts_by_lineno(file).items():
                        known[line] = sorted({*known.get(line, ()), *contexts})
        return {"tests": self.seconds, "lines": lines}

    def _attribute_to(self, test: str) -> None:
        if self.tracer:
            self.tracer.switch_context(test)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self.tests:
            config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in self.tests])
            items[:] = [item for item in items if item.nodeid in self.tests]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._attribute_to(item.nodeid)
        try:
            return (yield)
        finally:
            self._attribute_to("")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        self._attribute_to("")
        try:
            return (yield)
        finally:
            self._attribute_to(request._pyfuncitem.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration


if __name__ == "__main__":
    main()
