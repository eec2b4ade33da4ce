"""How long grading takes: plain nbgrader in a kernel, ``mtl-grade run`` and the floor, interleaved in one run.

``python -m tests.bench.grading [--students N] [--json]`` grades the same submissions with the same checks three
ways and prints seconds a submission, their ratio, and where our time goes:

- *nbgrader*: ``nbgrader autograde`` with its own preprocessors, one kernel a submission, every check in that kernel,
  and ``nbgrader generate_feedback``, which with it is nbgrader's whole way;
- *ours*: from bytes to record, all layers of isolation on, ``--jobs`` processes;
- *gradebook*: our records into nbgrader's gradebook, and its feedback pages;
- *floor*: fork a worker, run the cells, end it: no checks;
- *starts*: what a person waits for who types a command, each in a fresh interpreter, with the processor time of all its
  processes, which a busy machine does not lengthen as it does the clock's.

``ratio`` compares grading alone, ``whole_ratio`` the way from what was handed in to the feedback pages.

``python -m tests.bench.grading --memory 50 500 5000`` shows instead the peak memory of classes of those sizes, each
graded, entered and given its feedback in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from autograder import catalogue
from autograder.authoring import build
from autograder.authoring.solutions import as_submission
from autograder.desk import run
from autograder.engine.session import Session
from autograder.gradebook import enter
from autograder.gradebook.feedback.write import write_pages
from autograder.gradebook.release import quiet, release
from autograder.grading import submission
from autograder.grading.assignment import Assignment
from autograder.grading.course import Course
from autograder.grading.intake import read_cells

TWO = "ps00_two_functions"
TWO_FUNCTIONS = """
# %% grade_id="setup" tags=["locked"]
import torch
from autograder import check

# %% grade_id="masked_mean" tags=["answer"]
### BEGIN SOLUTION
### END SOLUTION

# %% grade_id="check-masked_mean" tags=["check"]
check("masked_mean", masked_mean)

# %% grade_id="ctr_cvr_loss" tags=["answer"]
### BEGIN SOLUTION
### END SOLUTION

# %% grade_id="check-ctr_cvr_loss" tags=["check"]
check("ctr_cvr_loss", ctr_cvr_loss)
"""
WARM_UP = 3  # submissions a process before the clock starts


def make_course(folder: Path, name: str, students: int) -> Course:
    """A class in which every second answer is right and the others have each one misconception."""
    course = Course.create(folder / "course", "bench", _sources(folder) if name == TWO else None)
    release(course, [name])
    assignment = course.assignments[name]
    released = json.loads((course.root / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    for number in range(students):
        data = json.dumps(_handed_in(released, assignment, number)).encode()
        place = course.root / "submitted" / f"student{number:05}" / name
        place.mkdir(parents=True)
        (place / f"{name}.ipynb").write_bytes(data)
    return course


def _sources(folder: Path) -> Path:
    """The small problem set that the design's own figures are about: two torch functions."""
    (folder / "solutions").mkdir()
    (folder / "solutions" / f"{TWO}.py").write_text(TWO_FUNCTIONS)
    build.build(folder)
    return folder / "solutions"


def _handed_in(released: dict[str, Any], assignment: Assignment, number: int) -> dict[str, Any]:
    cells = []
    for cell in released["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in assignment.exercises:
            exercise = catalogue.load(name)
            pool = list((exercise.misconceptions if number % 2 else exercise.alternatives).values())
            cell = {**cell, "source": as_submission(exercise, pool[number // 2 % len(pool)])}
        cells.append(cell)
    return {**released, "cells": cells}


# ---- the three ways --------------------------------------------------------------------------------------------


def plain_nbgrader(course: Course, name: str, student: str) -> float:
    """Seconds that nbgrader's own preprocessors take for one submission, in a kernel."""
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.assignment_id = name
    config.CourseDirectory.student_id = student
    config.CourseDirectory.autograded_directory = "autograded_by_nbgrader"
    config.Autograde.force = True
    config.Execute.timeout = 120
    started = time.perf_counter()
    with quiet():
        Autograde(coursedir=CourseDirectory(config=config), config=config).start()
    return time.perf_counter() - started


def nbgraders_feedback(course: Course, name: str, student: str) -> float:
    """Seconds that nbgrader takes for the feedback page of a submission that :func:`plain_nbgrader` graded."""
    from nbgrader.converters import GenerateFeedback
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.assignment_id = name
    config.CourseDirectory.student_id = student
    config.CourseDirectory.autograded_directory = "autograded_by_nbgrader"
    config.CourseDirectory.feedback_directory = "feedback_by_nbgrader"
    config.GenerateFeedback.force = True
    started = time.perf_counter()
    with quiet():
        GenerateFeedback(coursedir=CourseDirectory(config=config), config=config).start()
    return time.perf_counter() - started


def ours(root: Path, jobs: int) -> tuple[float, float, float]:
    """Seconds a submission once every process is warm, seconds until then, and the most memory (MB) here.

    In an interpreter of its own, since one in which nbgrader talked to a kernel has threads and may not fork. A
    process is warm when it has graded one submission: its zygote has started and the known wrong answers are run.
    """
    marks: list[float] = [time.perf_counter()]
    run.run(Course.open(root), jobs=jobs, tick=lambda done, total: marks.append(time.perf_counter()), records_only=True)
    warm = 1 + WARM_UP * jobs
    return (marks[-1] - marks[warm]) / (len(marks) - 1 - warm), marks[warm] - marks[0], _peak(resource.RUSAGE_SELF)


def floor(course: Course, name: str, student: str) -> float:
    """Seconds to fork a worker, run the cells of a submission and end it."""
    cells = read_cells(course.submission(student, name).notebook, course.assignments[name])
    warm = submission.sandbox_of_this_process(course.limits, course.trust)
    started = time.perf_counter()
    with Session(warm, cells, []) as session:
        session.load()
    return time.perf_counter() - started


def alone(course: Course, name: str, student: str) -> float:
    """Seconds to grade a submission in this process's worker, from bytes to record."""
    job = course.job(course.submission(student, name), course.layers())
    started = time.perf_counter()
    submission.grade(job)
    return time.perf_counter() - started


def measure(name: str, students: int, jobs: int, by_nbgrader: int, with_starts: bool = True) -> dict[str, Any]:
    """All figures, in seconds a submission (medians where there are several)."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder), name, students)
        names = [one.student for one in course.submissions()]
        layers = list(course.layers())  # start the zygote before any clock does
        alone(course, name, names[1])  # the first wrong answer waits until the known ones are run
        nbgrader_s, pages_s, floor_s, alone_s = [], [], [], []
        for student in names[:by_nbgrader]:  # interleaved, so that a slow minute of the machine hits all
            nbgrader_s.append(plain_nbgrader(course, name, student))
            pages_s.append(nbgraders_feedback(course, name, student))
            for other in names[:10]:
                floor_s.append(floor(course, name, other))
                alone_s.append(alone(course, name, other))
        submission.close_sandboxes()
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as fresh:
            ours_s, start_up, peak = fresh.submit(ours, course.root, jobs).result()
        started = time.perf_counter()
        enter.write_gradebook(course)
        gradebook = time.perf_counter() - started
        started = time.perf_counter()
        write_pages(course)
        feedback = time.perf_counter() - started
        starts = measure_starts(Path(folder), course, name) if with_starts else {}
    nbgrader, page = statistics.median(nbgrader_s), statistics.median(pages_s)
    return {
        "problem_set": name,
        "students": students,
        "jobs": jobs,
        "nbgrader_s": nbgrader,
        "nbgrader_feedback_s": page,
        "ours_s": ours_s,
        "one_worker_s": statistics.median(alone_s),
        "start_up_s": start_up,
        "floor_s": statistics.median(floor_s),
        "gradebook_s": gradebook / students,
        "feedback_s": feedback / students,
        "ratio": nbgrader / ours_s,
        "whole_ratio": (nbgrader + page) / (ours_s + (gradebook + feedback) / students),
        "times_the_floor": statistics.median(alone_s) / statistics.median(floor_s),
        "peak_memory_mb": peak,
        "layers": layers,
        "starts": starts,
    }


# ---- what a person waits for -----------------------------------------------------------------------------------

ANSWER = """
import torch


def masked_mean(values, mask):
    return values[mask].sum() / mask.sum().clamp(min=1)
"""


def measure_starts(folder: Path, course: Course, name: str) -> dict[str, dict[str, float]]:
    """Seconds by the clock, and of the processor, for each command; of `run` until its first record and to its end."""
    (folder / "answer.py").write_text(ANSWER)
    records = course.private / "records" / name
    known = {path: path.read_bytes() for path in records.iterdir()}
    starts = {
        "try, one answer": _command("try", "masked_mean", str(folder / "answer.py")),
        "run, nothing to do": _command("run", str(course.root)),
        "init": _command("init", str(folder / "begun"), "--course-id", "bench"),
        "demo": _command("demo", "--keep", str(folder / "demo")),
    }
    for path in known:
        path.unlink()
    starts["run, until the first record"] = _command("run", str(course.root), "--records-only", until=records)
    for path, data in known.items():
        path.write_bytes(data)
    return starts


def _command(*arguments: str, until: Path | None = None) -> dict[str, float]:
    """What a command takes, or what passes until a folder holds something; then it is stopped."""
    before = _processor()
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "autograder.desk.cli", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as running:
        while running.poll() is None and not (until and any(until.glob("*.json"))):
            time.sleep(0.01)
        passed = time.perf_counter() - started
        if until and running.poll() is None:
            running.wait()
        assert running.returncode == 0, (arguments, running.stderr and running.stderr.read().decode()[-500:])
    return {"clock_s": passed} if until else {"clock_s": passed, "processor_s": _processor() - before}


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_memory(name: str, students: int, jobs: int) -> dict[str, Any]:
    """The most memory (MB) that a class takes, here and in the largest of the other processes."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder), name, students)
        figures: dict[str, Any] = {"students": students, "before_mb": _peak(resource.RUSAGE_SELF)}
        started = time.perf_counter()
        run.run(course, jobs=jobs, records_only=True)
        figures["records_mb"] = _peak(resource.RUSAGE_SELF)
        enter.write_gradebook(course)
        figures["gradebook_mb"] = _peak(resource.RUSAGE_SELF)
        write_pages(course)
        figures["feedback_mb"] = _peak(resource.RUSAGE_SELF)
        figures["seconds"] = time.perf_counter() - started
    submission.close_sandboxes()
    return {**figures, "largest_child_mb": _peak(resource.RUSAGE_CHILDREN)}


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def show_memory(rows: list[dict[str, Any]]) -> Table:
    steps = ("before", "records", "gradebook", "feedback", "largest child")
    table = Table("students", *steps, "s", title="peak memory, MB")
    for row in rows:
        keys = ("before_mb", "records_mb", "gradebook_mb", "feedback_mb", "largest_child_mb")
        table.add_row(str(row["students"]), *(f"{row[key]:.0f}" for key in keys), f"{row['seconds']:.0f}")
    return table


ROWS = (
    ("plain nbgrader, in a kernel", "nbgrader_s"),
    ("  its feedback page", "nbgrader_feedback_s"),
    ("mtl-grade run, all layers", "ours_s"),
    ("  one submission, one process at work", "one_worker_s"),
    ("  floor: fork, cells, end", "floor_s"),
    ("into the gradebook", "gradebook_s"),
    ("feedback page", "feedback_s"),
    ("start of the processes and warm-up, once", "start_up_s"),
)


def show(figures: dict[str, Any]) -> Iterator[Any]:
    table = Table("seconds a submission", "s")
    for text, key in ROWS:
        table.add_row(text, f"{figures[key]:.4f}")
    yield table
    yield f"{figures['students']} submissions of {figures['problem_set']}, {figures['jobs']} processes"
    yield f"layers: {', '.join(figures['layers'])}"
    yield f"grading: {figures['ratio']:.0f} times plain nbgrader; {figures['times_the_floor']:.1f} times the floor"
    yield f"to the feedback pages: {figures['whole_ratio']:.1f} times nbgrader's whole way"
    if figures["starts"]:
        table = Table("a command, once", "s", "s of processor")
        for text, seconds in figures["starts"].items():
            processor = f"{seconds['processor_s']:.1f}" if "processor_s" in seconds else ""
            table.add_row(text, f"{seconds['clock_s']:.1f}", processor)
        yield table
    yield f"peak memory of the process that hands out the work: {figures['peak_memory_mb']:.0f} MB"


def measure_memory(options: argparse.Namespace) -> int:
    rows = []
    for students in options.memory:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
            rows.append(alone.submit(peak_memory, options.problem_set, students, options.jobs).result())
    if options.json:
        print(json.dumps(rows, indent=1))
    else:
        Console().print(show_memory(rows))
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.grading", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=60, help="how many submissions (default 60)")
    parser.add_argument("--problem-set", default=TWO, help=f"of the course, by default a small one ({TWO})")
    parser.add_argument("--jobs", type=int, default=2, help="processes for mtl-grade run (default 2)")
    parser.add_argument("--by-nbgrader", type=int, default=3, help="how many of them plain nbgrader grades (default 3)")
    parser.add_argument("--no-starts", action="store_true", help="leave out how long each command takes to start")
    parser.add_argument("--memory", type=int, nargs="+", metavar="N", help="show the peak memory of classes of N")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if options.memory:
        return measure_memory(options)
    least = (WARM_UP + 1) * options.jobs + 1
    if options.students < least:
        parser.error(f"--students must be at least {least} for {options.jobs} processes; got {options.students}")
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")  # as the command line does
    warnings.filterwarnings("ignore", module="nbgrader")  # its database layer warns of its own queries
    by_nbgrader = min(options.by_nbgrader, options.students)
    figures = measure(options.problem_set, options.students, options.jobs, by_nbgrader, not options.no_starts)
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        for line in show(figures):
            Console().print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
