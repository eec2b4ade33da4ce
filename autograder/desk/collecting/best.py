"""Which attempt is best: each is graded as a submission is, on the inputs of the same person, and its points are kept.

Only where somebody has several attempts is anything graded. Written answers count for nothing here: a person marks
those of the attempt that counts.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from autograder.desk.collecting.archive import read_file
from autograder.desk.collecting.attempts import Attempt
from autograder.files import PRIVATE, write_atomically
from autograder.grading.course import Course
from autograder.grading.intake import is_script
from autograder.grading.key import key_of
from autograder.grading.record import GRADED, GRADER_ERROR, Job, results_of
from autograder.grading.submission import grade

POINTS = "points.json"
NOT_GRADED = -1.0


class Points:
    """The points of attempts.

    Parameters
    ----------
    course : Course

    Raises
    ------
    SandboxError
        If this machine cannot isolate what it would run; nothing was placed then.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._layers = course.layers()

    def of(self, student: str, assignment: str, attempt: Attempt, folder: Path) -> float:
        """The points of one attempt that lies in ``folder``; below zero where it cannot be graded."""
        job = self._job(student, assignment, attempt, read_file(folder / attempt.file))
        noted = folder / POINTS
        try:
            known = json.loads(read_file(noted, 10_000))
            if known["key"] == job.key:
                return float(known["points"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        record = grade(job)
        points = NOT_GRADED
        if record["status"] == GRADED:
            points = sum(result.score for result in results_of(record).values())
        if record["status"] != GRADER_ERROR:
            write_atomically(noted, json.dumps({"key": job.key, "points": points}).encode(), mode=PRIVATE)
        return points

    def _job(self, student: str, assignment: str, attempt: Attempt, data: bytes) -> Job:
        course = self._course
        base = course.job(course.submission(student, assignment), self._layers)
        read_as = (is_script(attempt.file), "", (), False)
        key = key_of(
            student, base.assignment, data, course.secret, self._layers, course.limits, read_as, base.numbers_of
        )
        return replace(base, notebook=data, file=attempt.file, reason="", said=(), accepted=False, key=key)
