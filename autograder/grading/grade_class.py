"""A class's submissions become records: in parallel, and resumable at any moment."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.assignment import Assignment
from autograder.grading.course import Course, CourseError, Submission
from autograder.grading.folder import shown
from autograder.grading.processes import Crew
from autograder.grading.record import GRADED, GRADER_ERROR, Job, blank_record
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
    not_graded : int
        Submissions whose record, made now or before, says why they could not be graded.
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
    not_graded: int = 0
    for_review: list[Waiting] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    strangers: list[tuple[str, str]] = field(default_factory=list)
    changed_outside: list[tuple[str, str]] = field(default_factory=list)
    written: int = 0
    entered: Any = None


@dataclass(frozen=True)
class _Current:
    """A submission whose record is of the same work: behind which layers, and whether it was graded."""

    submission: Submission
    layers: tuple[str, ...]
    graded: bool


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
        _count_kept(summary, current)
        tick(len(current), len(current))
        return summary
    with contextlib.ExitStack() as until_done:
        if executor is None:
            crew = until_done.enter_context(Crew(course, _assignments(course, due), min(jobs, len(due))))
            layers, executor, window = crew.layers, crew.executor(), IN_FLIGHT * jobs
        else:
            layers, window = course.layers(), IN_FLIGHT * 8
        due += [one.submission for one in current if one.layers != layers]
        kept = [one for one in current if one.layers == layers]
        _count_kept(summary, kept)
        total = len(due) + len(kept)
        done = itertools.count(len(kept) + 1)
        tick(len(kept), total)
        for record in _grade_all((course.job(submission, layers) for submission in due), executor, window):
            course.write_record(record)
            if record["status"] == GRADED:
                summary.graded += 1
            else:
                summary.not_graded += 1
            tick(next(done), total)
    return summary


def _count_kept(summary: Summary, kept: Collection[_Current]) -> None:
    summary.cached = sum(one.graded for one in kept)
    summary.not_graded = len(kept) - summary.cached


def for_review(course: Course) -> list[Waiting]:
    """Everything of the class at which a person must look; strangers and unknown folders are named by themselves."""
    return [one for one in waiting(course) if one.assignment in course.assignments]


def _sort_out(
    course: Course, summary: Summary, wanted: Callable[[Submission], bool], again: bool
) -> tuple[list[Submission], list[_Current]]:
    """What is due, and what has a current record."""
    if not course.assignments:
        raise CourseError(f"{course.root / 'source'} holds no problem set; `mtl-grade init` puts them there.")
    summary.strangers = course.strangers()
    due: list[Submission] = []
    current: list[_Current] = []
    for submission in course.submissions():
        if submission.assignment not in course.assignments:
            summary.unknown.append((submission.student, shown(submission.assignment)))
            continue
        if not wanted(submission):
            continue
        if not again and (record := _current(course, submission)) is not None:
            current.append(_Current(submission, tuple(record["layers"]), record["status"] == GRADED))
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
