"""Which marks have been given back to students: those do not change without a word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.files import PRIVATE, write_atomically
from autograder.grading.course import Course


def given_back(course: Course) -> dict[tuple[str, str], float]:
    """The marks that feedback pages and exports have told, by student and assignment."""
    try:
        data = json.loads((course.private / "given_back.json").read_text(encoding="utf-8"))
        return {(student, name): float(score) for name, marks in data.items() for student, score in marks.items()}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return {}


def note_given(course: Course, rows: Iterable[Mapping[str, Any]]) -> None:
    """Note marks that leave for the students; those that wait for a person are none yet.

    Parameters
    ----------
    course : Course
    rows : iterable of mapping
        As :func:`~autograder.gradebook.marks.marks` gives them.
    """
    known = given_back(course)
    told = {(row["student"], row["assignment"]): row["score"] for row in rows if row["score"] is not None}
    if told.items() <= known.items():
        return
    data: dict[str, dict[str, float]] = {}
    for (student, name), score in sorted({**known, **told}.items()):
        data.setdefault(name, {})[student] = score
    text = json.dumps(data, indent=1, ensure_ascii=False)
    write_atomically(course.private / "given_back.json", text.encode(), mode=PRIVATE)
