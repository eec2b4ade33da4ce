"""A class's submissions become records: in parallel, and resumable at any moment."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.assignment import Assignment
from autograder.grading.course import Course, CourseError, Submission
from autograder.grading.folder import shown
from autograder.grading.processes import Crew
from autograder.grading.record import GRADER_ERROR, Job, blank_record
from autograder.grading.review import Waiting, waiting
from autograder.grading.submission import grade

IN_FLIGHT = 4  # jobs handed out per worker: enough to keep it busy, few enough that memory does not grow


@dataclass
class Summary:
    """What one run did.

    Attributes
    ----------
    graded, cached : int
        Submissions graded now, and those whose record already was of the same work.
    for_review : list of Waiting
        What could not be graded automatically, why, and what to do.
    unknown : list of (student, folder)
        Folders that are no problem set of this course.
    strangers : list of (folder, reason)
        Folders of ``submitted/`` that are of nobody in the class.
    changed_outside : list of (student, assignment)
        Records that were changed outside mtl-grade, and were graded again.
    written : int
        Submissions entered into the gradebook now.
    entered : object, optional
        What entering the records into the gradebook did.
    """

    graded: int = 0
    cached: int = 0
    for_review: list[Waiting] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    strangers: list[tuple[str, str]] = field(default_factory=list)
    changed_outside: list[tuple[str, str]] = field(default_factory=list)
    written: int = 0
    entered: Any = None


def grade_class(
    course: Course,
    executor: Executor | None = None,
    jobs: int = 1,
    tick: Callable[[int, int], None] | None = None,
    *,
    wanted: Callable[[Submission], bool] | None = None,
    again: bool = False,
) -> Summary:
    """Make the record of every submission of a course that has none of this work yet.

    Parameters
    ----------
    course : Course
    executor : Executor, optional
        Where jobs run, for example ``dask.distributed.Client.get_executor()``; by default processes on this machine.
    jobs : int
        How many processes, where no executor is given.
    tick : callable (done, total), optional
        Told of progress.
    wanted : callable, optional
        Which submissions; by default all.
    again : bool
        Grade also what has a record of just this work.
    """
    summary = Summary()
    due, current = _sort_out(course, summary, wanted or (lambda submission: True), again)
    tick = tick or (lambda done, total: None)
    if not due:  # nothing runs, so nothing has to be isolated: no process is started
        summary.cached = len(current)
        tick(summary.cached, summary.cached)
        return summary
    with contextlib.ExitStack() as until_done:
        if executor is None:
            crew = until_done.enter_context(Crew(course, _assignments(course, due), min(jobs, len(due))))
            layers, executor, window = crew.layers, crew.executor(), IN_FLIGHT * jobs
        else:
            layers, window = course.layers(), IN_FLIGHT * 8
        due += [one for one, had in current if had != layers]
        summary.cached = sum(had == layers for _, had in current)
        total = len(due) + summary.cached
        done = itertools.count(summary.cached + 1)
        tick(summary.cached, total)
        for record in _grade_all((course.job(submission, layers) for submission in due), executor, window):
            course.write_record(record)
            summary.graded += 1
            tick(next(done), total)
    return summary


def for_review(course: Course) -> list[Waiting]:
    """Everything of the class at which a person must look; strangers and unknown folders are named by themselves."""
    return [one for one in waiting(course) if one.assignment in course.assignments]


def _sort_out(
    course: Course, summary: Summary, wanted: Callable[[Submission], bool], again: bool
) -> tuple[list[Submission], list[tuple[Submission, tuple[str, ...]]]]:
    """What is due, and what has a current record, with the layers that it was graded behind."""
    if not course.assignments:
        raise CourseError(f"{course.root / 'source'} holds no problem set; `mtl-grade init` puts them there.")
    summary.strangers = course.strangers()
    due: list[Submission] = []
    current: list[tuple[Submission, tuple[str, ...]]] = []
    for submission in course.submissions():
        if submission.assignment not in course.assignments:
            summary.unknown.append((submission.student, shown(submission.assignment)))
            continue
        if not wanted(submission):
            continue
        if not again and (record := _current(course, submission)) is not None:
            current.append((submission, tuple(record["layers"])))
            continue
        if course.was_changed_outside(submission.student, submission.assignment):
            summary.changed_outside.append((submission.student, submission.assignment))
        due.append(submission)
    return due, current


def _current(course: Course, submission: Submission) -> dict[str, Any] | None:
    """The record that makes grading needless; one made without isolation is none where isolation is asked for."""
    record = course.current_record(submission)
    return record if record is not None and record.get("trusted") is course.trust else None


def _assignments(course: Course, due: list[Submission]) -> list[Assignment]:
    return [course.assignments[name] for name in sorted({submission.assignment for submission in due})]


def _grade_all(jobs: Iterable[Job], executor: Executor | None, window: int) -> Iterator[dict[str, Any]]:
    return map(grade, jobs) if executor is None else _through(executor, jobs, window)


def _through(executor: Executor, jobs: Iterable[Job], window: int) -> Iterator[dict[str, Any]]:
    """Hand out jobs a window at a time and give back records as they come."""
    waiting = iter(jobs)
    running: dict[Future[dict[str, Any]], Job] = {}
    while True:
        for job in itertools.islice(waiting, window - len(running)):
            running[executor.submit(grade, job)] = job
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            job = running.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                raise CourseError("a grading process was ended from outside; run again: what is done is kept") from None
            except Exception as error:
                yield failed(job, error)


def failed(job: Job, error: Exception) -> dict[str, Any]:
    """The record of a job that no worker could finish: for review, and tried again by the next run."""
    reason = f"the grading process failed: {type(error).__name__}: {error}"
    return {**blank_record(job), "status": GRADER_ERROR, "reason": reason, "seconds": 0.0}
