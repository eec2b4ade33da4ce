"""One submission: from the bytes of a notebook to one record, whatever the bytes are."""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from typing import Any

from autograder import catalogue
from autograder.engine.sandbox import Limits, Sandbox, SandboxError
from autograder.engine.session import Session
from autograder.grading.assignment import Ungradable, read_cells
from autograder.grading.record import GRADER_ERROR, UNGRADABLE, Job, blank_record
from autograder.judging.answers import RemoteAnswer
from autograder.judging.runner import blame_cell, run_checks
from autograder.results import ExerciseResult, Verdict
from autograder.words import clean


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
        cells = read_cells(job.notebook, job.assignment)
        sandbox = sandbox_of_this_process(job.limits, job.trust)
        with Session(sandbox, cells, job.assignment.forbidden) as session:
            session.load()
            results = {
                name: blame_cell(_grade_one(session, name, job.seeds[name]), session.cell_errors.get(name, ""))
                for name in job.assignment.exercises
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
        record.update(status=UNGRADABLE, reason=str(why))
    except SandboxError as error:
        record.update(status=GRADER_ERROR, reason=str(error))
    except Exception as error:  # our fault, whatever it is: the submission goes to review
        record.update(status=GRADER_ERROR, reason=f"{type(error).__name__}: {error}")
    record["seconds"] = round(time.monotonic() - started, 4)
    return record


def _grade_one(session: Session, name: str, seed: bytes) -> ExerciseResult:
    exercise = catalogue.load(name)
    return run_checks(exercise, RemoteAnswer(exercise, session), seed)


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
        _sandboxes[limits, trust] = Sandbox(limits, trust=trust)
    return _sandboxes[limits, trust]


@atexit.register
def close_sandboxes() -> None:
    """End the sandboxes of this process."""
    while _sandboxes:
        with contextlib.suppress(Exception):
            _sandboxes.popitem()[1].close()
