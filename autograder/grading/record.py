"""A record of one submission: what has to be done for it, what it is a record of, and what it says."""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import platform
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder import catalogue
from autograder.engine.sandbox import Limits
from autograder.grading.assignment import Assignment
from autograder.results import ExerciseResult

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
    "grading/submission.py",
)
GRADED, UNGRADABLE, GRADER_ERROR = "graded", "ungradable", "grader_error"


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
    here = Path(__file__).parents[1]
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


def results_of(record: dict[str, Any]) -> dict[str, ExerciseResult]:
    """The results in a record, by exercise."""
    return {name: ExerciseResult.from_dict(data) for name, data in record["exercises"].items()}
