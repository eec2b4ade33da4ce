"""A warm zygote, and a way to grade one hostile file in it."""

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from autograder import exercises
from autograder.engine import sandbox
from autograder.engine.sandbox import Limits, Sandbox
from autograder.engine.session import Session
from autograder.judging.answers import RemoteAnswer
from autograder.judging.runner import run_checks
from autograder.results import ExerciseResult

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# What protects an honest answer here is not to fail it on a busy machine; an attack that loops sets limits of its own.
GENEROUS = Limits(cell=120, call=120, exercise=600, submission=1200, memory=2**30)
SECRET = b"a seed that no submission has seen"
ATTEMPT = '''
import ctypes

def attempt(name, action):
    """Try what should be refused, and say how it went."""
    try:
        found = action()
    except BaseException as error:
        print("refused", name, type(error).__name__)
    else:
        print("reached", name, repr(found)[:80])

def checked(result):
    """Turn a C library's -1 into an error."""
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result
'''
RIGHT = """
import torch

def masked_mean(values, mask):
    return values.masked_fill(~mask, 0.0).sum() / mask.sum().clamp(min=1)
"""
WRONG = """
import torch

def masked_mean(values, mask):
    return torch.tensor(2.0)
"""


@dataclass(frozen=True)
class Graded:
    """What grading one file gave."""

    result: ExerciseResult
    printed: str
    error: str

    @property
    def score(self) -> float:
        return self.result.score

    @property
    def summaries(self) -> str:
        return "\n".join(f"{check.id}: {check.summary}" for check in self.result.checks)


class Grader:
    """Grades sources for one exercise, all in the same zygote."""

    def __init__(self, zygote: Sandbox) -> None:
        self.zygote = zygote
        self.exercise = exercises.load("masked_mean")

    def grade(self, source: str, seed: bytes = SECRET) -> Graded:
        cells = [("helper", ATTEMPT), ("answer", source)]
        with Session(self.zygote, cells, list(self.exercise.forbidden)) as session:
            session.load()
            result = run_checks(self.exercise, RemoteAnswer(self.exercise, session), seed)
        return Graded(result, session.printed.get("answer", ""), session.cell_errors.get("answer", ""))

    @contextlib.contextmanager
    def within(self, **limits: float) -> Iterator[None]:
        """Other limits meanwhile, for what is meant to meet them."""
        before = self.zygote.limits
        self.zygote.limits = replace(before, **limits)
        try:
            yield
        finally:
            self.zygote.limits = before

    def processes(self) -> list[int]:
        """Everything that runs below us: bubblewrap, the zygote, its worker."""
        found, todo = [], [self.zygote._process.pid]
        while todo:
            found.append(todo.pop())
            for children in Path(f"/proc/{found[-1]}/task").glob("*/children"):
                todo += map(int, children.read_text().split())
        return sorted(found)


@contextlib.contextmanager
def light_zygote(limits, before="pass"):
    """A zygote that imports next to nothing, for what needs its layers and not its libraries."""
    with pytest.MonkeyPatch.context() as patch:
        light = f"zygote.warm = print; {before}; zygote.serve"
        patch.setattr(sandbox, "BOOT", sandbox.BOOT.replace("zygote.serve", light))
        with Sandbox(limits) as zygote:
            assert "namespaces" in zygote.layers
            yield zygote


def run(zygote, source):
    """What a cell prints, after the helper for attempts."""
    with Session(zygote, [("helper", ATTEMPT), ("cell", source)], []) as session:
        session.load()
    return session.printed.get("cell", "")


@pytest.fixture(scope="package")
def grader():
    with Sandbox(GENEROUS) as zygote:
        yield Grader(zygote)


@pytest.fixture(scope="package")
def outside():
    """What must stay out of reach: a file of ours, and a server on this machine that counts its visitors."""
    with tempfile.NamedTemporaryFile(prefix="gradebook-") as secret, socket.create_server(("127.0.0.1", 0)) as server:
        secret.write(b"the marks of others")
        secret.flush()
        server.setblocking(False)
        yield Outside(secret.name, server)


@dataclass(frozen=True)
class Outside:
    path: str
    server: socket.socket

    def read(self, name: str) -> str:
        """The hostile file, told where everything is: an attacker may know this machine well."""
        source = (HERE / "submissions" / f"{name}.py").read_text()
        known = {"@ROOT@": str(ROOT), "@HOME@": str(Path.home()), "@CANARY@": self.path}
        known["@PORT@"] = str(self.server.getsockname()[1])
        for word, place in known.items():
            source = source.replace(word, place)
        return source

    def assert_untouched(self) -> None:
        assert Path(self.path).read_bytes() == b"the marks of others"
        assert not os.path.exists(f"{self.path}.owned")
        with pytest.raises(BlockingIOError):
            self.server.accept()
