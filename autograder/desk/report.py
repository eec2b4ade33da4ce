"""Item analysis: how each check of each exercise went, and which misconceptions are in the room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from autograder import catalogue
from autograder.grading.course import Course, Submission
from autograder.grading.record import GRADED, results_of
from autograder.results import Verdict


def report(course: Course, wanted: Callable[[Submission], bool] | None = None) -> list[dict[str, Any]]:
    """One entry an exercise: how many handed in, mean share of the points, every check's pass rate, misconceptions.

    Parameters
    ----------
    course : Course
    wanted : callable, optional
        Which submissions; by default all.
    """
    found: dict[str, list[Any]] = {}
    for submission in course.submissions():
        if wanted is not None and not wanted(submission):
            continue
        record = course.read_record(submission.student, submission.assignment)
        if record and record["status"] == GRADED:
            for name, result in results_of(record).items():
                found.setdefault(name, []).append(result)
    return [_item(name, results) for name, results in sorted(found.items())]


def _item(name: str, results: list[Any]) -> dict[str, Any]:
    started = [result for result in results if not result.not_started]
    named = Counter(name for result in started for name in result.misconceptions)
    return {
        "exercise": name,
        "title": catalogue.load(name).title,
        "handed_in": len(results),
        "started": len(started),
        "mean_share": _share(sum(one.score for one in started), sum(one.max_score for one in started)),
        "checks": [
            {"id": check.id, "sentence": check.sentence, "pass_rate": _share(_passes(started, check.id), len(started))}
            for check in catalogue.load(name).checks
        ],
        "misconceptions": [{"id": key, "students": count} for key, count in named.most_common()],
    }


def _passes(results: list[Any], check: str) -> int:
    return sum(one.verdict is Verdict.PASSED for result in results for one in result.checks if one.id == check)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None
