"""Grading a class: submissions to records, in parallel and resumable; then records into nbgrader's gradebook."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.desk.converters import ClassConverter, one_engine
from autograder.desk.course import Course, CourseError, Submission, write_atomically
from autograder.submission import GRADED, GRADER_ERROR, UNGRADABLE, Job, blank_record, grade, results_of

IN_FLIGHT = 4  # jobs handed out per worker: enough to keep it busy, few enough that memory does not grow


@dataclass
class Summary:
    """What one run did.

    Attributes
    ----------
    graded, cached : int
        Submissions graded now, and those whose record already was of the same work.
    for_review : list of (student, assignment, reason)
        What could not be graded automatically.
    unknown : list of (student, folder)
        Folders that are no problem set of this course.
    written : int
        Submissions entered into the gradebook now.
    """

    graded: int = 0
    cached: int = 0
    for_review: list[tuple[str, str, str]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    written: int = 0


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
    course : Course
    executor : Executor, optional
        Where jobs run, for example ``dask.distributed.Client.get_executor()``; by default processes on this machine.
    jobs : int
        How many processes, where no executor is given.
    tick : callable (done, total), optional
        Told of progress.
    records_only : bool
        Stop before the gradebook.
    """
    summary = Summary()
    layers = course.layers()
    todo = list(_sort_out(course, layers, summary))
    tick = tick or (lambda done, total: None)
    total = len(todo) + summary.cached
    done = itertools.count(summary.cached + 1)
    tick(summary.cached, total)
    jobs_todo = (course.job(submission, layers) for submission in todo)
    for record in _grade_all(jobs_todo, executor, jobs):
        course.write_record(record)
        summary.graded += 1
        tick(next(done), total)
    if not records_only:
        summary.written = write_gradebook(course)
    for submission in course.submissions():
        found = course.read_record(submission.student, submission.assignment)
        if found and found["status"] != GRADED:
            summary.for_review.append((submission.student, submission.assignment, found["reason"]))
        elif found and any(result.needs_review for result in results_of(found).values()):
            summary.for_review.append((submission.student, submission.assignment, "a check itself failed"))
    return summary


def _sort_out(course: Course, layers: tuple[str, ...], summary: Summary) -> Iterator[Submission]:
    if not course.assignments:
        raise CourseError(f"{course.root / 'source'} holds no problem set; `mtl-grade init` puts them there.")
    for submission in course.submissions():
        if submission.assignment not in course.assignments:
            summary.unknown.append((submission.student, submission.assignment))
        elif course.current_record(submission, layers) is not None:
            summary.cached += 1
        else:
            yield submission


def _grade_all(jobs: Iterable[Job], executor: Executor | None, processes: int) -> Iterator[dict[str, Any]]:
    if executor is not None:
        yield from _through(executor, jobs, IN_FLIGHT * 8)
    elif processes == 1:
        yield from map(grade, jobs)
    else:
        context = multiprocessing.get_context("spawn")  # a child that imports afresh inherits nothing of ours
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            yield from _through(pool, jobs, IN_FLIGHT * processes)


def _through(executor: Executor, jobs: Iterable[Job], window: int) -> Iterator[dict[str, Any]]:
    """Hand out jobs a window at a time and give back records as they come."""
    waiting = iter(jobs)
    running: dict[Future, Job] = {}
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


# ---- into the gradebook ----------------------------------------------------------------------------------------


def write_gradebook(course: Course) -> int:
    """Enter every record that the gradebook does not have yet, through nbgrader; give back how many.

    Raises
    ------
    CourseError
        If another program holds the gradebook: nothing is lost, the next run enters what is missing.
    """
    from sqlalchemy.exc import OperationalError

    try:
        with one_engine():
            return _write_gradebook(course)
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        path = course.root / "gradebook.db"
        raise CourseError(
            f"{path} is locked by another program: close it and run again, the records are kept."
        ) from None


def _write_gradebook(course: Course) -> int:
    from nbgrader.converters import Autograde

    _released(course)
    converter = functools.cache(lambda assignment: ClassConverter(Autograde, course, assignment))
    written = 0
    for submission in list(course.submissions()):
        record = course.read_record(submission.student, submission.assignment)
        mark = course.private / "written" / submission.assignment / f"{submission.student}.key"
        if record is None:
            continue
        entered = f"{record['key']}\n{submission.timestamp}"
        if mark.exists() and mark.read_text() == entered:
            continue
        if record["status"] == UNGRADABLE:
            _for_review(course, submission, record["reason"])
        else:
            converter(submission.assignment).convert(submission.student)
        if record["status"] != GRADER_ERROR:
            write_atomically(mark, entered.encode())
        written += 1
    return written


def _released(course: Course) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(course.database) as gradebook:
        known = {assignment.name for assignment in gradebook.assignments}
    wanted = {submission.assignment for submission in course.submissions()} & set(course.assignments)
    if wanted - known:
        course.release(sorted(wanted - known))


def _for_review(course: Course, submission: Submission, reason: str) -> None:
    """Enter an ungradable submission: no mark, a request for a person to look, and the reason as a comment."""
    from nbgrader.api import Gradebook

    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_student(submission.student)
        handed_in = gradebook.update_or_create_submission(submission.assignment, submission.student)
        for notebook in handed_in.notebooks:
            for grade_ in notebook.grades:
                grade_.auto_score, grade_.needs_manual_grade = None, True
            for comment in notebook.comments:
                comment.auto_comment = f"Not graded automatically: {reason}."
        gradebook.db.commit()


def feedback(course: Course) -> int:
    """Generate nbgrader's feedback pages for everything in the gradebook; give back how many."""
    from nbgrader.converters import GenerateFeedback

    converter = functools.cache(lambda assignment: ClassConverter(GenerateFeedback, course, assignment))
    count = 0
    with one_engine():
        for submission in course.submissions():
            if (course.root / "autograded" / submission.student / submission.assignment).is_dir():
                converter(submission.assignment).convert(submission.student)
                count += 1
    return count


def marks(course: Course) -> list[dict[str, Any]]:
    """One row a submission in the gradebook: student, assignment, score, most points, and whether it needs review.

    The score is what counts: the raw score less the penalty for handing in late, as nbgrader's own export has it.
    """
    from nbgrader.api import Gradebook

    rows = []
    with Gradebook(course.database) as gradebook:
        for assignment in gradebook.assignments:
            for handed_in in assignment.submissions:
                raw, penalty = handed_in.score, handed_in.late_submission_penalty or 0.0
                rows.append(
                    {
                        "student": handed_in.student.id,
                        "assignment": assignment.name,
                        "score": max(0.0, raw - penalty),
                        "max_score": handed_in.max_score,
                        "raw_score": raw,
                        "late_penalty": penalty,
                        "needs_manual_grade": handed_in.needs_manual_grade,
                    }
                )
    return sorted(rows, key=lambda row: (row["assignment"], row["student"]))


FORMATS = {
    "csv": ("student", "assignment", "score", "max_score", "raw_score", "late_penalty", "needs_manual_grade"),
    "canvas": ("ID", "Assignment", "Points"),
    "moodle": ("ID number", "Assignment", "Grade"),
}


def write_marks(course: Course, path: Path, form: str) -> int:
    """Write the marks of a course as CSV in the columns that ``form`` names; give back how many rows."""
    rows = marks(course)
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(FORMATS[form])
        for row in rows:
            writer.writerow([row[key] for key in (FORMATS["csv"] if form == "csv" else FORMATS["csv"][:3])])
        write_atomically(path, text.getvalue().encode())
    return len(rows)
