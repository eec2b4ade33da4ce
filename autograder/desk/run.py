"""The instructor's one command for a class: submissions to records, records into the gradebook."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from autograder.files import sweep
from autograder.grading.course import Course, Submission
from autograder.grading.grade_class import Summary, for_review, grade_class
from autograder.grading.lock import only_one
from autograder.results import UsageError

if TYPE_CHECKING:
    from autograder.gradebook.enter import Entered, Wanted

Tick = Callable[[int, int], None]


def run(
    course: Course,
    executor: Executor | None = None,
    jobs: int = 1,
    tick: Tick | None = None,
    *,
    records_only: bool = False,
    wanted: Wanted | None = None,
    again: bool = False,
    yes: bool = False,
) -> Summary:
    """Grade every submission of a course, then enter the marks into its gradebook.

    Parameters
    ----------
    course, executor, jobs, tick, wanted, again
        As in :func:`~autograder.grading.grade_class.grade_class`.
    records_only : bool
        Stop before the gradebook.
    yes : bool
        Change marks that were already given back, too.
    """
    with only_one(course, "run"):
        sweep(course.root)
        summary = grade_class(course, executor, jobs, tick, wanted=wanted, again=again)
        if not records_only:
            from autograder.gradebook.enter import write_gradebook  # and nbgrader: after the first verdicts

            summary.entered = write_gradebook(course, wanted, yes=yes)
            summary.written = summary.entered.written
        summary.for_review = for_review(course)
    return summary


def changes(
    course: Course,
    executor: Executor | None = None,
    jobs: int = 1,
    tick: Tick | None = None,
    *,
    wanted: Wanted | None = None,
) -> Entered:
    """Say what :func:`run` would change in the gradebook, and change nothing there; records are made where needed."""
    with only_one(course, "changes"):
        grade_class(course, executor, jobs, tick, wanted=wanted)
        from autograder.gradebook.enter import write_gradebook

        return write_gradebook(course, wanted, dry=True)


def only(course: Course, students: Collection[str], assignments: Collection[str]) -> Wanted | None:
    """Which submissions ``--student`` and ``--assignment`` choose; None for all.

    Raises
    ------
    UsageError
        If nobody, or no assignment, has such a name.
    """
    if not students and not assignments:
        return None
    from autograder.gradebook.people import class_of

    known = {person.id for person in class_of(course)} | {one.student for one in course.submissions()}
    for option, asked, there in (("--student", students, known), ("--assignment", assignments, course.assignments)):
        for one in asked:
            if one not in there:
                raise UsageError(f"{option} {one}: there is none of that name in this course.{_like(one, there)}")

    def wanted(submission: Submission) -> bool:
        by_student = not students or submission.student in students
        return by_student and (not assignments or submission.assignment in assignments)

    return wanted


def _like(one: str, there: Collection[str]) -> str:
    near = sorted(name for name in there if name.startswith(one) or one.casefold() in name.casefold())
    return f" Did you mean {' or '.join(near[:3])}?" if near else ""
