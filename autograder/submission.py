"""One submission: from the bytes of a notebook to one record, whatever the bytes are."""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import hmac
import json
import platform
import re
import threading
import time
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder import catalogue
from autograder.engine.sandbox import Limits, Sandbox, SandboxError
from autograder.engine.session import Session
from autograder.judging.answers import RemoteAnswer
from autograder.judging.runner import blame_cell, run_checks
from autograder.results import ExerciseResult
from autograder.words import clean

MAX_BYTES = 10 * 2**20
MAX_CELLS = 2_000
RECORD_VERSION = 1
# The files beside this one that decide what a record says.
GRADING = (
    "testing.py",
    "engine/inside/channel.py",
    "engine/inside/worker.py",
    "engine/inside/zygote.py",
    "engine/inside/lockdown.py",
    "engine/bubblewrap.py",
    "engine/sandbox.py",
    "engine/session.py",
    "engine/outcome.py",
    "judging/answers.py",
    "judging/runner.py",
    "judging/diagnosis.py",
    "submission.py",
)
GRADED, UNGRADABLE, GRADER_ERROR = "graded", "ungradable", "grader_error"


class Ungradable(Exception):
    """Why a submission cannot be graded; it is marked for review, never given a zero."""


# ---- what an assignment asks for -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assignment:
    """What grading needs to know of a problem set, read from its source notebook.

    Attributes
    ----------
    name : str
    exercises : tuple of str
        In the order of their check cells.
    locked : tuple of (str, str)
        The ids and sources of locked code cells: ours are run, whatever stands in the submission.
    cells : tuple of str
        The ids of all its cells.
    """

    name: str
    exercises: tuple[str, ...]
    locked: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Assignment:
        """From nbgrader's source notebook ``<name>/<name>.ipynb``."""
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        checks = [_grade_id(cell) for cell in code if _grade_id(cell).startswith("check-")]
        locked = tuple(
            (_grade_id(cell), _source(cell))
            for cell in code
            if cell["metadata"].get("nbgrader", {}).get("locked") and _grade_id(cell) not in checks
        )
        names = tuple(name.removeprefix("check-") for name in checks)
        return cls(path.stem, names, locked, tuple(_grade_id(cell) for cell in cells))

    @property
    def forbidden(self) -> list[str]:
        """The library functions that its exercises teach."""
        return sorted({name for one in self.exercises for name in catalogue.load(one).forbidden})


def _grade_id(cell: dict[str, Any]) -> str:
    marks = cell.get("metadata", {})
    marks = marks.get("nbgrader", {}) if isinstance(marks, dict) else {}
    found = marks.get("grade_id") if isinstance(marks, dict) else None
    return str(found or cell.get("id") or "")


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


# ---- reading what was handed in --------------------------------------------------------------------------------


def read_cells(data: bytes | None, assignment: Assignment) -> list[tuple[str, str]]:
    """The code to run, as (name, source), from the bytes of a submitted notebook.

    Locked cells are taken from our source, check cells are left out (they are asked from outside), and locked cells
    that were deleted come first.

    Raises
    ------
    Ungradable
        If this is not a notebook, or not one of this assignment; the message says why.
    """
    if data is None:
        raise Ungradable(f"no notebook named {assignment.name}.ipynb was handed in")
    if len(data) > MAX_BYTES:
        raise Ungradable(f"the notebook has {len(data) / 2**20:.0f} MiB; at most {MAX_BYTES // 2**20} are read")
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        raise Ungradable("the file is not a notebook: it is not valid JSON") from None
    cells = _cells(notebook)
    ours = dict(assignment.locked)
    out: list[tuple[str, str]] = []
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        name = _grade_id(cell)
        known = name in assignment.cells
        if known:
            seen.add(name)
        if cell.get("cell_type") != "code" or (known and name.startswith("check-")):
            continue
        source = ours.pop(name) if name in ours else _source(cell)
        out.append((name if known and name not in dict(out) else f"cell {index + 1}", source))
    if not seen and not any(_defines(source, assignment) for _, source in out):
        raise Ungradable(f"this is not problem set {assignment.name}: none of its cells or functions is in it")
    return [*ours.items(), *out]


def _cells(notebook: Any) -> list[dict[str, Any]]:
    if not isinstance(notebook, dict) or notebook.get("nbformat") not in (3, 4):
        form = notebook.get("nbformat") if isinstance(notebook, dict) else None
        raise Ungradable(f"the file is not a notebook of format 3 or 4 (it says {str(form)[:20]!r})")
    if notebook["nbformat"] == 3:
        sheets = notebook.get("worksheets")
        sheet = sheets[0] if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else {}
        cells = sheet.get("cells")
        if isinstance(cells, list):
            cells = [
                {**cell, "source": cell.get("input", cell.get("source", ""))}
                for cell in cells
                if isinstance(cell, dict)
            ]
    else:
        cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Ungradable("the file is not a notebook: it holds no list of cells")
    if len(cells) > MAX_CELLS:
        raise Ungradable(f"the notebook has {len(cells)} cells; at most {MAX_CELLS} are read")
    return cells


def _defines(source: str, assignment: Assignment) -> bool:
    entries = [name for one in assignment.exercises for name in catalogue.load(one).entries]
    return any(re.search(rf"^\s*(def|class)\s+{name}\b|^\s*{name}\s*=", source, re.M) for name in entries)


# ---- grading it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Job:
    """Everything that grading one submission needs, as plain data: it may run in another process or machine.

    ``seeds`` holds one seed an exercise, drawn from the course's secret; the secret itself never travels.
    """

    student: str
    assignment: Assignment
    notebook: bytes | None
    seeds: dict[str, bytes]
    key: str
    layers: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)
    trust: bool = False


def seed_for(secret: bytes, student: str, exercise: str) -> bytes:
    """The seed of one student's exercise."""
    return hmac.digest(secret, f"{student}\0{exercise}".encode(), hashlib.sha256)


def key_of(student: str, assignment: Assignment, notebook: bytes | None, secret: bytes, layers: tuple[str, ...]) -> str:
    """What a record is a record of: the same key gives the same marks, so it need not be graded again."""
    parts = [
        RECORD_VERSION,
        student,
        hashlib.sha256(notebook or b"").hexdigest(),
        notebook is None,
        assignment.name,
        hashlib.sha256(repr(assignment).encode()).hexdigest(),
        checks_digest(assignment.exercises),
        hashlib.sha256(b"id of " + secret).hexdigest()[:16],
        list(layers),
        environment(),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@functools.cache
def checks_digest(names: tuple[str, ...]) -> str:
    """A hash over the exercises' folders, or the banks of their questions, and the files that run them."""
    here = Path(__file__).parent
    files = [path for name in names for path in catalogue.files_of(name)]
    files += [here / name for name in GRADING]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@functools.cache
def environment() -> str:
    """The versions that marks depend on."""
    versions = [f"{name} {metadata.version(name)}" for name in ("numpy", "torch", "scikit-learn", "mtl-teach")]
    return ", ".join([f"Python {platform.python_version()}", *versions, platform.machine()])


def grade(job: Job) -> dict[str, Any]:
    """Grade one submission in this process's zygote; give back its record. Never raises.

    A process grades one at a time, also where a cluster's worker calls this from several threads.
    """
    with _one_at_a_time:
        return _grade(job)


def blank_record(job: Job) -> dict[str, Any]:
    """The record of a job before anything is known of it."""
    return {
        "version": RECORD_VERSION,
        "key": job.key,
        "student": job.student,
        "assignment": job.assignment.name,
        "status": GRADED,
        "reason": "",
        "exercises": {},
        "cells": {},
        "trusted": job.trust,
        "layers": list(job.layers),
        "environment": environment(),
    }


def _grade(job: Job) -> dict[str, Any]:
    started = time.monotonic()
    record = blank_record(job)
    try:
        cells = read_cells(job.notebook, job.assignment)
        warm = zygote_of_this_process(job.limits, job.trust)
        with Session(warm, cells, job.assignment.forbidden) as session:
            session.load()
            results = {
                name: blame_cell(_grade_one(session, name, job.seeds[name]), session.cell_errors.get(name, ""))
                for name in job.assignment.exercises
            }
        if tuple(warm.layers) != job.layers:
            raise SandboxError(f"this machine isolates by {list(warm.layers)}, where {list(job.layers)} was asked for")
        record["exercises"] = {name: result.to_dict() for name, result in results.items()}
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


def results_of(record: dict[str, Any]) -> dict[str, ExerciseResult]:
    """The results in a record, by exercise."""
    return {name: ExerciseResult.from_dict(data) for name, data in record["exercises"].items()}


_one_at_a_time = threading.Lock()
_warm: dict[tuple[Limits, bool], Sandbox] = {}


def zygote_of_this_process(limits: Limits, trust: bool) -> Sandbox:
    """The zygote that this process keeps warm from one submission to the next."""
    if (limits, trust) not in _warm:
        close_zygotes()
        _warm[limits, trust] = Sandbox(limits, trust=trust)
    return _warm[limits, trust]


@atexit.register
def close_zygotes() -> None:
    """End the zygotes of this process."""
    while _warm:
        with contextlib.suppress(Exception):
            _warm.popitem()[1].close()
