"""A worker without a process, and a clock that moves only while it works: what time decides is then seen exactly.

An answer finds two more names beside its own: ``work(seconds)`` moves the clock, ``end()`` ends the worker.
"""

import os
from collections.abc import Iterable
from typing import Any

from autograder.engine.inside import channel
from autograder.engine.inside.worker import fresh_namespace, make_tensor
from autograder.engine.inside.zygote import ForkedWorker
from autograder.engine.sandbox import Limits


class _Late(BaseException):
    """The time allowed for an answer passed while it worked."""


class _Ended(BaseException):
    """The worker ended itself."""


class SimulatedSandbox:
    """Stands in for a zygote and for the pair of functions that carry frames to and from its worker.

    Parameters
    ----------
    limits : Limits
    layers : tuple of str
    start : float
        Seconds that a worker takes to start.

    Attributes
    ----------
    now : float
        What the clock says.
    forks : list of list of str
        The forbidden names that each worker was started with.
    starts : int
        How often the zygote was started.
    ended : int
        How often a worker was ended from outside.
    frames : list of dict
        What was asked.
    """

    def __init__(self, limits: Limits, layers: tuple[str, ...] = (), start: float = 0.0) -> None:
        self.limits = limits
        self.layers = layers
        self.start = start
        self.starts = 1
        self.now = 1000.0
        self.forks: list[list[str]] = []
        self.ended = 0
        self.frames: list[dict[str, Any]] = []
        self.deadline = 0.0

    def install(self, monkeypatch) -> "SimulatedSandbox":
        """Take the place of the clock and of the frames' way, until the test ends."""
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        monkeypatch.setattr(channel, "write_frame", self.write_frame)
        monkeypatch.setattr(channel, "read_frame", self.read_frame)
        return self

    def fork(self, forbidden: list[str]) -> int:
        self.now += self.start
        self.forks.append(forbidden)
        self.worker = ForkedWorker({**fresh_namespace(), "work": self.work, "end": self.end})
        return os.open(os.devnull, os.O_RDWR)

    def warm(self, names: Iterable[str]) -> None:
        """Nothing to import: it works where the tests do."""

    def end_worker(self) -> None:
        self.ended += 1

    def work(self, seconds: float) -> None:
        if self.now + seconds > self.deadline:
            self.now = self.deadline
            raise _Late
        self.now += seconds

    def end(self) -> None:
        raise _Ended

    def write_frame(self, descriptor: int, payload: bytes, deadline: float) -> None:
        os.fstat(descriptor)  # it must be open
        frame = channel.decode(payload, make_tensor)
        self.frames.append(frame)
        self.asked = [{**frame["kinds"][kind], "args": args} for kind, args in frame["requests"]]

    def read_frame(self, descriptor: int, deadline: float) -> bytes | None:
        os.fstat(descriptor)
        self.deadline = deadline
        try:
            answer = self.worker.handle(self.asked.pop(0))
        except _Late:
            raise TimeoutError("the time limit passed") from None
        except _Ended:
            return None
        return channel.encode({"id": self.frames[-1]["id"], "answers": [answer]})
