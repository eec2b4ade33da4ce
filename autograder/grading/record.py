"""A record of one submission: what has to be done for it, what it is a record of, and what it says."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from autograder.engine.sandbox import Limits
from autograder.grading.assignment import Assignment
from autograder.grading.key import RECORD_VERSION, versions
from autograder.results import ExerciseResult

GRADED, UNGRADABLE, GRADER_ERROR = "graded", "ungradable", "grader_error"


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
        "believed": {},
        "cells": {},
        "trusted": job.trust,
        "layers": list(job.layers),
        "environment": versions("mtl-teach"),
    }


def results_of(record: dict[str, Any]) -> dict[str, ExerciseResult]:
    """The results in a record, by exercise."""
    return {name: ExerciseResult.from_dict(data) for name, data in record["exercises"].items()}
