"""A record of one submission: what has to be done for it, what it is a record of, and what it says."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from autograder import catalogue
from autograder.engine.sandbox import Limits
from autograder.exercises import Exercise
from autograder.grading.assignment import Assignment
from autograder.grading.key import RECORD_VERSION, versions
from autograder.results import ExerciseResult

MAX_EXERCISE = 64 * 2**10  # bytes of one exercise as JSON
MAX_RECORD = 2**20  # bytes of a record as JSON
MAX_TEXTS = {"outside": (20, 8 * 2**10), "said": (100, 1_000)}  # how many texts are kept, and bytes of one as JSON
ROOM_TO_SAY = 1_000  # bytes without which a cell is left out
INDENT = 32  # bytes that a cell's lines are further to the right in a whole record
CUT = " … (cut here: it is too long to be kept)"
GRADED, UNGRADABLE, GRADER_ERROR = "graded", "ungradable", "grader_error"
NOBODY = "?"  # can be no id


@dataclass(frozen=True)
class Job:
    """Everything that grading one submission needs, as plain data: it may run in another process or machine.

    ``seeds`` holds one seed an exercise, drawn from the course's secret; the secret itself never travels. ``file`` is
    the name of the file whose bytes ``notebook`` holds, ``reason`` why there is none, ``said`` what is to be said of
    the choice; ``accepted`` is true once a person has looked and takes it as it was found. ``numbers_of`` is whose
    numbers the exercises have that are worked out by hand: empty for the published ones, ``NOBODY`` where they should
    be somebody's of whom the roster does not know.
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
    numbers_of: str = ""

    @property
    def exercises(self) -> dict[str, Exercise]:
        """The exercises of its assignment by name, with the numbers of whose work it is."""
        owner = "" if self.numbers_of == NOBODY else self.numbers_of
        return {name: catalogue.load(name).for_student(owner) for name in self.assignment.exercises}


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
        "review": [],
        "said": [],
        "outside": [],
        "trusted": job.trust,
        "layers": list(job.layers),
        "environment": versions("mtl-teach"),
        "numbers": {},
    }


# ---- no longer than it may be ------------------------------------------------------------------------------------


def bounded(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its texts cut where an exercise or the whole would take more than it may.

    Verdicts, points and everything that is ours stay; of what a submission says there is less, and a word for it.
    """
    for name, result in record["exercises"].items():
        if size_as_written(result) > MAX_EXERCISE:
            record["exercises"][name] = _with_texts_of(result, MAX_EXERCISE // (8 * max(1, len(result["checks"]))))
    record["reason"] = _cut(record["reason"], MAX_EXERCISE)
    for what, (count, most) in MAX_TEXTS.items():
        if what in record:
            record[what] = [_cut(text, most) for text in record[what][:count]]
    room = MAX_RECORD - size_as_written({**record, "cells": {}})
    cells: dict[str, Any] = {}
    for name, said in record["cells"].items():
        if room < ROOM_TO_SAY:
            break
        share = max(0, room // 2 - len(CUT) - ROOM_TO_SAY // 2)
        cells[name] = {what: _cut(text, share) for what, text in said.items()}
        room -= size_as_written({name: cells[name]}) + INDENT
    return {**record, "cells": cells}


def _with_texts_of(result: dict[str, Any], most: int) -> dict[str, Any]:
    """A result whose checks have no text longer than so many bytes."""

    def cut(value: Any) -> Any:
        if isinstance(value, str):
            return _cut(value, most)
        return (
            {_cut(key, most // 8): _cut(text, most // 8) for key, text in list(value.items())[:8]} if value else value
        )

    said = ("summary", "inputs", "expected", "got", "difference", "message")
    checks = [{key: cut(value) if key in said else value for key, value in check.items()} for check in result["checks"]]
    return {**result, "checks": checks}


def _cut(text: str, most: int) -> str:
    """The beginning of a text that takes at most so many bytes as JSON, with a word that says so."""
    if len(text) <= most and size_as_written(text) <= most:
        return text
    text = text[:most]
    while text and size_as_written(text) > most:  # one character takes up to twelve bytes
        text = text[: len(text) * most // size_as_written(text)]
    return text + CUT


def size_as_written(data: Any) -> int:
    """The length of the data as it is written: the C encoder's, which cannot indent, and what indenting adds."""
    return len(json.dumps(data, separators=(",", ": "))) + _indents(data, 1)


def _indents(data: Any, depth: int) -> int:
    """How many line ends and blanks ``json.dumps(data, indent=1)`` writes before items and closing brackets."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, (list, tuple)) else ()
    if not inner:
        return 0
    return len(inner) * (1 + depth) + depth + sum(_indents(one, depth + 1) for one in inner)


# ---- reading it ----------------------------------------------------------------------------------------------------


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
