"""One submission: from the bytes of a notebook to one record, whatever the bytes are."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from autograder import catalogue
from autograder.engine import libraries
from autograder.engine.sandbox import Limits, Sandbox, SandboxError
from autograder.engine.session import Session
from autograder.grading.intake import Ungradable, code_of, sense_of
from autograder.grading.record import GRADER_ERROR, UNGRADABLE, Job, blank_record, bounded
from autograder.judging.answers import RemoteAnswer
from autograder.judging.runner import blame_cell, explain, mark
from autograder.results import ExerciseResult, Verdict
from autograder.visible import clean

HERE = Path(__file__).parents[1]


def grade(job: Job) -> dict[str, Any]:
    """Grade one submission in this process's sandbox; give back its record. Never raises.

    A process grades one at a time, also where a cluster's worker calls this from several threads.
    """
    with _one_at_a_time:
        return _grade(job)


def _grade(job: Job) -> dict[str, Any]:
    started = time.monotonic()
    record = blank_record(job)
    try:
        handed_in = sense_of(job)
        record["review"] = [{"cell": one.cell, "reason": one.reason} for one in handed_in.review]
        record["said"] = [clean(sentence) for sentence in handed_in.said]
        record["outside"] = [clean(text) for text in handed_in.outside]
        if handed_in.reason or handed_in.notebook is None:
            raise Ungradable(clean(handed_in.reason))
        record["numbers"] = {name: dict(one.numbers) for name, one in job.exercises.items() if one.owner}
        cells = code_of(handed_in.notebook, job.assignment)
        sandbox = sandbox_of_this_process(job.limits, job.trust)
        sandbox.warm(needed_for(job.assignment.exercises))
        sandbox.warm(libraries.named_in(source for _, source in cells))
        with Session(sandbox, cells, job.assignment.forbidden) as session:
            session.load()
            results = {
                name: blame_cell(result, session.cell_errors.get(name, ""))
                for name, result in _results(session, job).items()
            }
        if tuple(sandbox.layers) != job.layers:
            had, asked = list(sandbox.layers), list(job.layers)
            raise SandboxError(f"this machine isolates by {had}, where {asked} was asked for")
        record["exercises"] = {name: result.to_dict() for name, result in results.items()}
        record["believed"] = _believed(results)
        record["cells"] = {
            name: {
                "printed": clean(session.printed.get(name, "")),
                "error": clean(session.cell_errors.get(name, "")),
            }
            for name, _ in cells
            if session.printed.get(name) or session.cell_errors.get(name)
        }
    except Ungradable as why:
        record.update(status=UNGRADABLE, reason=clean(str(why)))
    except SandboxError as error:
        record.update(status=GRADER_ERROR, reason=str(error))
    except Exception as error:  # our fault, whatever it is: the submission goes to review
        record.update(status=GRADER_ERROR, reason=_where(error), exercises={}, cells={})
    record["seconds"] = round(time.monotonic() - started, 4)
    return bounded(record)


def _where(error: Exception) -> str:
    """What failed and in which line of ours; not what it says, since that may quote a secret input."""
    lines = traceback.extract_tb(error.__traceback__)
    ours = [line for line in lines if os.path.dirname(line.filename).startswith(str(HERE))] or lines
    return f"{type(error).__name__} in {os.path.basename(ours[-1].filename)}, line {ours[-1].lineno}"


def _results(session: Session, job: Job) -> dict[str, ExerciseResult]:
    """Mark all exercises on secret inputs; then ask a fresh worker, which saw none of them, what is to be shown."""
    loaded = job.exercises
    students = {name: RemoteAnswer(exercise, session) for name, exercise in loaded.items()}
    marks = {name: mark(exercise, students[name], job.seeds[name]) for name, exercise in loaded.items()}
    if not all(one.final for one in marks.values()):
        session.renew()
    return {name: explain(exercise, students[name], marks[name]) for name, exercise in loaded.items()}


@functools.cache
def needed_for(exercises: tuple[str, ...]) -> tuple[str, ...]:
    """The libraries that some exercises' own code uses beside an answer."""
    return libraries.named_in(catalogue.load(name).code() for name in exercises)


def _believed(results: dict[str, ExerciseResult]) -> dict[str, dict[str, str]]:
    """For each exercise the checks that passed and took something from the answer's side, and what."""
    believed = {}
    for name, result in results.items():
        passed = {check.id for check in result.checks if check.verdict is Verdict.PASSED}
        checks = [check for check in catalogue.load(name).checks if check.believes and check.id in passed]
        if checks:
            believed[name] = {check.id: check.believes for check in checks}
    return believed


_one_at_a_time = threading.Lock()
_sandboxes: dict[tuple[Limits, bool], Sandbox] = {}


def sandbox_of_this_process(limits: Limits, trust: bool) -> Sandbox:
    """The sandbox that this process keeps warm from one submission to the next."""
    if (limits, trust) not in _sandboxes:
        close_sandboxes()
        _sandboxes[limits, trust] = Sandbox(limits, trust=trust, imports=())
    return _sandboxes[limits, trust]


def use(sandbox: Sandbox) -> None:
    """Have this process, which was forked, grade in this sandbox; what it inherited is its parent's to end."""
    for inherited in _sandboxes.values():
        inherited.leave()
    _sandboxes.clear()
    _sandboxes[sandbox.limits, sandbox.trust] = sandbox


@atexit.register
def close_sandboxes() -> None:
    """End the sandboxes of this process."""
    while _sandboxes:
        with contextlib.suppress(Exception):
            _sandboxes.popitem()[1].close()
