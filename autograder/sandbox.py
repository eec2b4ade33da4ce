"""Starts the zygote apart from the checker, and talks to it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
START_LIMIT = 120.0  # seconds for the imports of a cold start


@dataclass(frozen=True)
class Limits:
    """What one submission may take.

    Attributes
    ----------
    cell, call, submission : float
        Wall-clock seconds for one cell, one call, everything together.
    memory, file : int
        Bytes of memory beyond the zygote's own, bytes of one file.
    """

    cell: float = 10.0
    call: float = 5.0
    submission: float = 60.0
    memory: int = 2 * 2**30
    file: int = 16 * 2**20

    def for_worker(self) -> dict[str, int]:
        return {"memory": self.memory, "file": self.file, "cpu": int(self.submission) + 5}


class SandboxError(Exception):
    """The sandbox itself failed: our fault, never the submission's."""


class Zygote:
    """A warm process that forks one worker at a time.

    Use it as a context manager. It restarts by itself when it has died.
    """

    def __init__(self, limits: Limits | None = None, trust: bool = False) -> None:
        self.limits = limits or Limits()
        self.trust = trust
        self.layers: tuple[str, ...] = ("process", "rlimits")
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._folder = ""

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def fork(self, forbidden: list[str]) -> int:
        """Start a worker; give back the descriptor on which it answers.

        Parameters
        ----------
        forbidden : list of str
            Dotted names of library functions that the answer may not call.
        """
        order = {"do": "fork", "limits": self.limits.for_worker(), "forbidden": forbidden}
        for attempt in (1, 2):
            ours, theirs = socket.socketpair()
            try:
                control = self._started()
                socket.send_fds(control, [json.dumps(order).encode()], [theirs.fileno()])
                if self._reply():
                    return ours.detach()
            except OSError:
                pass
            finally:
                theirs.close()
            ours.close()
            self.close()
            if attempt == 2:
                break
        raise SandboxError(
            "the process that runs submissions does not start; `mtl-grade doctor` may tell why"
        )

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
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process, self._control, self._folder = None, None, ""

    def _started(self) -> socket.socket:
        if self._process is not None and self._process.poll() is None and self._control is not None:
            return self._control
        self.close()
        self._folder = tempfile.mkdtemp(prefix="mtl-grade-")
        ours, theirs = socket.socketpair()
        with open(os.path.join(self._folder, "zygote.log"), "wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", str(HERE / "zygote.py"), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self._folder,
                env={
                    "OMP_NUM_THREADS": "1",
                    "TMPDIR": self._folder,
                    "MPLCONFIGDIR": self._folder,
                    "LANG": "C.UTF-8",
                },
                start_new_session=True,
            )
        theirs.close()
        self._control = ours
        ours.settimeout(START_LIMIT)
        if not self._reply():
            log = Path(self._folder, "zygote.log").read_text(errors="replace").strip().splitlines()
            raise SandboxError(
                f"the process that runs submissions ended at its start: {log[-1] if log else 'no reason given'}"
            )
        return ours

    def _reply(self) -> dict[str, Any]:
        assert self._control is not None
        try:
            data = self._control.recv(65536)
            return json.loads(data) if data else {}
        except (TimeoutError, ConnectionError, json.JSONDecodeError):
            return {}
