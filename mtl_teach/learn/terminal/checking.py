"""The same checks outside the notebook: run a file's code up to each check, in a process of its own.

A process that has already imported the slow libraries waits for the next file, so that saving a file and seeing
the result are less than a second apart. It is started anew each time (no fork, so it works on Windows too), and
stopped when the code does not come to an end.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import catalogue, torch_loads
from autograder.engine.inside.worker import Worker, fresh_namespace, inert_module
from autograder.exercises import Exercise
from autograder.files import NotANotebook, as_cell, read_notebook
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import run_checks
from autograder.results import STUB_LEFT, Cause, CheckResult, Verdict
from mtl_teach.learn.workspace.merge import key, source

SECONDS = 60.0
READY = "ready"  # what the process says once it has imported what answers use; else why it could not
SLOW_AT_FIRST = "torch.testing"  # its first call imports as much again as torch; few answers use it
CellError = tuple[str, str]  # the name of the exception, and its message
# check("name", answer) or check(answer): by its text, since a file whose code has an error asks for it all the same
_CALL = re.compile(r"""^[ \t]*check\(\s*["']?([\w-]+)["']?\s*[,)]""", re.MULTILINE)


class CheckingError(ValueError):
    """A file cannot be checked; the message says why."""


@dataclass(frozen=True)
class Script:
    """The code of a notebook or a Python file, in order.

    Attributes
    ----------
    path : Path
    cells : tuple of (name, source)
    asked : dict of str to int
        For every exercise that the file checks, the number of the cell that does.
    """

    path: Path
    cells: tuple[tuple[str, str], ...]
    asked: dict[str, int]


@dataclass(frozen=True)
class Checked:
    """What came out for one exercise: the result as data, and the source of the answer."""

    result: dict[str, Any]
    answer: str


def read_script(path: Path) -> Script:
    """Read a notebook or a Python file, with any line endings.

    Raises
    ------
    CheckingError
        If there is no such file or it is not a notebook.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError as error:
        raise CheckingError(f"{path} cannot be read: {error.strerror}.") from error
    if path.suffix != ".ipynb":
        return Script(path, ((path.name, text),), dict.fromkeys(_CALL.findall(text), 0))
    try:
        notebook = read_notebook(text)
    except NotANotebook as error:
        raise CheckingError(f"{path} is not a notebook: it is not JSON, or has no cells.") from error
    code = tuple((key(cell), source(cell)) for cell in notebook["cells"] if as_cell(cell).kind == "code")
    asked: dict[str, int] = {}
    for number, (_, text) in enumerate(code):
        for exercise in _CALL.findall(text):
            asked.setdefault(exercise, number)
    return Script(path, code, asked)


def answer_source(names: Sequence[str], cells: Sequence[tuple[str, str]]) -> str:
    """The source of the last definition of each name, as the learner wrote it."""
    sources: dict[str, str] = {}
    for _, text in cells:
        try:
            body = ast.parse(text).body
        except SyntaxError:
            continue
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                defined = {node.name}
            elif isinstance(node, ast.Assign):
                defined = {
                    leaf.id for target in node.targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)
                }
            else:
                continue
            for name in defined & set(names):
                sources[name] = ast.get_source_segment(text, node) or ""
    return "\n\n".join(dict.fromkeys(sources[name] for name in names if name in sources))


class Checker:
    """Keeps a process ready that has imported what answers use; a context manager.

    Parameters
    ----------
    seconds : float
        How long one file may run.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._spare: subprocess.Popen[str] | None = None

    def __enter__(self) -> Checker:
        self._spare = _start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._spare is not None:
            _stop(self._spare)

    def check(self, script: Script, exercises: Sequence[str], again: bool = False) -> list[Checked]:
        """Run the code and check the exercises, each where the file checks it, else at the end.

        Parameters
        ----------
        script : Script
        exercises : sequence of str
        again : bool
            True to make the next process ready meanwhile.

        Raises
        ------
        CheckingError
            If the code does not end in time or ends its process.
        """
        process, self._spare = self._spare or _start(), None
        try:
            if again:
                self._spare = _start(*_slow_at_first(script))
            asked = [(exercise, script.asked.get(exercise, len(script.cells) - 1)) for exercise in exercises]
            reply = _ask(process, {"cells": script.cells, "asked": asked}, self._seconds, script.path)
        finally:
            _stop(process)
        return [Checked(item["result"], item["answer"]) for item in reply]


def _slow_at_first(script: Script) -> list[str]:
    return [SLOW_AT_FIRST] if any(SLOW_AT_FIRST in text for _, text in script.cells) else []


def _start(*used: str) -> subprocess.Popen[str]:
    """A process that gets ready; also for what is used and slow at first, which one check alone does not wait for."""
    return subprocess.Popen(
        [sys.executable, "-m", "mtl_teach.learn.terminal.checking", *used],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg"},
        start_new_session=True,  # Ctrl+C is for the one who asks, who then stops this process
    )


def _stop(process: subprocess.Popen[str]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()


def _ask(process: subprocess.Popen[str], request: dict[str, Any], seconds: float, path: Path) -> list[Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    too_late = threading.Event()

    def stop() -> None:
        too_late.set()
        process.kill()

    begun = process.stdout.readline()  # it is ready: what the imports take is not the learner's time
    if begun.strip() != READY:
        raise CheckingError(begun.strip() or torch_loads.tried() or f"{path} cannot be checked: the process ended.")
    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        line = process.stdout.readline()
    finally:
        timer.cancel()
        timer.join()
    if too_late.is_set():
        raise CheckingError(f"{path} was stopped after {seconds:g} s: is there a loop without end?")
    try:
        return json.loads(line)
    except ValueError as error:
        raise CheckingError(f"{path} ended its own process, so nothing could be checked.") from error


# ---- inside the process ----------------------------------------------------------------------------------------


def serve() -> None:
    """Import what answers use, wait for one request on standard input, answer it on standard output."""
    reply = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the code prints must not mix with the answer
    # Imported here: the command that only asks starts without them.
    try:
        import numpy
        import torch
        from IPython.core.inputtransformer2 import TransformerManager
    except Exception as error:
        if not (words := torch_loads.explained(error)):
            raise
        reply.write(f"{words}\n")
        reply.flush()
        return
    if SLOW_AT_FIRST in sys.argv:
        torch.testing.assert_close(torch.zeros(1), torch.zeros(1))
    numpy.random.default_rng(0)  # its first use imports more
    reply.write(f"{READY}\n")
    reply.flush()
    line = sys.stdin.readline()
    if not line:
        return
    request = json.loads(line)
    for exercise, _ in request["asked"]:
        _ = catalogue.load(exercise).checks
    real = {name: sys.modules[name] for name in ("autograder", "mtl_teach.learn")}
    worker = Worker(fresh_namespace(), TransformerManager().transform_cell)
    errors: dict[str, CellError] = {}
    results = []
    owners: dict[str, str] = {}  # whose numbers `variant` was asked for
    for number, (name, text) in enumerate(request["cells"]):
        sys.modules.update((module, inert_module(module)) for module in real)  # no check inside a check
        sys.modules["autograder"].__dict__["variant"] = lambda exercise, student="": owners.update({exercise: student})
        try:
            response = worker.handle({"op": "cell", "source": text, "name": name})
        finally:
            sys.modules.update(real)
        if response.get("printed"):
            print(response["printed"], end="", flush=True)
        asked = [exercise for exercise, place in request["asked"] if place == number]
        if "error" in response and not (asked and errors):  # a check cell fails because an earlier one did
            errors[name] = (response["error"], response["message"])
        for exercise in asked:
            one = catalogue.load(exercise).for_student(owners.get(exercise, ""))
            results.append(_result(one, worker.namespace, errors, request["cells"]))
    reply.write(json.dumps(results) + "\n")
    reply.flush()


def _result(exercise: Exercise, names: dict[str, Any], errors: dict[str, CellError], cells: Any) -> dict[str, Any]:
    defined = itertools.takewhile(names.__contains__, exercise.entries)  # the first one missing is named
    answers = tuple(names[name] for name in defined)
    result = run_checks(exercise, LocalAnswer(exercise, answers))
    if len(answers) < len(exercise.entries) and errors:
        where, error = next(reversed(errors.items()))
        result = replace(result, checks=tuple(_after_error(check, where, error) for check in result.checks))
    return {"result": result.to_dict(), "answer": answer_source(exercise.entries, cells)}


def _after_error(check: CheckResult, where: str, error: CellError) -> CheckResult:
    """A check of an answer that is missing since a cell before it stopped with an error."""
    tag, message = error
    if tag == "NotImplementedError":  # a stub of plain variables stops where it is run
        return replace(check, summary=STUB_LEFT, cause=Cause.NOT_STARTED)
    if check.verdict is Verdict.STUDENT_ERROR:
        return replace(check, summary=f"{check.summary} Before that, cell {where} stopped with {tag}: {message}")
    return check


if __name__ == "__main__":
    serve()
