"""The instructor's one command for a class: submissions to records, records into the gradebook."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor

from autograder.gradebook.enter import write_gradebook
from autograder.grading.course import Course
from autograder.grading.grade_class import Summary, for_review, grade_class


def run(
    course: Course,
    executor: Executor | None = None,
    jobs: int = 1,
    tick: Callable[[int, int], None] | None = None,
    records_only: bool = False,
) -> Summary:
    """Grade every submission of a course, then enter the marks into its gradebook.

    Parameters
    ----------
    course, executor, jobs, tick
        As in :func:`~autograder.grading.grade_class.grade_class`.
    records_only : bool
        Stop before the gradebook.
    """
    summary = grade_class(course, executor, jobs, tick)
    if not records_only:
        summary.written = write_gradebook(course)
    summary.for_review = for_review(course)
    return summary
