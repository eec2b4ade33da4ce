"""A record of one submission: what has to be done for it, what it is a record of, and what it says."""

from __future__ import annotations

import hashlib
import hmac
import json
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

    ``seeds`` holds one seed an exercise, drawn from the course's secret; the secret itself never travels. ``file`` is
    the name of the file whose bytes ``notebook`` holds, ``reason`` why there is none, ``said`` what is to be said of
    the choice; ``accepted`` is true once a person has looked and takes it as it was found.
    """

    student: str
    assignment: Assignment
    notebook: bytes | None
    seeds: dict[str, bytes]
    key: str
    layers: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)
    trust: bool = False
    file: str = ""
    reason: str = ""
    said: tuple[str, ...] = ()
    accepted: bool = False


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
        "cells": {},
        "review": [],
        "said": [],
        "outside": [],
        "trusted": job.trust,
        "layers": list(job.layers),
        "environment": versions("mtl-teach"),
    }


def results_of(record: dict[str, Any]) -> dict[str, ExerciseResult]:
    """The results in a record, by exercise."""
    return {name: ExerciseResult.from_dict(data) for name, data in record["exercises"].items()}


# ---- seals -----------------------------------------------------------------------------------------------------


def sealed(data: dict[str, Any], secret: bytes) -> dict[str, Any]:
    """The data with the seal of a course on it, under ``seal``."""
    return {**data, "seal": _seal(data, secret)}


def unsealed(data: Any, secret: bytes) -> dict[str, Any] | None:
    """The data without its seal; None where it was not sealed by this course, or was changed since."""
    if not isinstance(data, dict) or not isinstance(data.get("seal"), str):
        return None
    rest = {key: value for key, value in data.items() if key != "seal"}
    return rest if hmac.compare_digest(data["seal"].encode("utf-8", "replace"), _seal(rest, secret).encode()) else None


def _seal(data: dict[str, Any], secret: bytes) -> str:
    key = hmac.digest(secret, b"the seal of records", hashlib.sha256)  # not the key from which seeds are drawn
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()
