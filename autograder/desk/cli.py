"""``mtl-grade``: the instructor's and the author's commands."""

from __future__ import annotations

import contextlib
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder.command_line import AsJson, err, new_app, out, print_json
from autograder.command_line import run as run_command
from autograder.results import UsageError
from autograder.visible import clean

app = new_app("Grade a class: release problem sets, grade what comes back in a sandbox, and keep nbgrader's gradebook.")
STOPPED = "Stopped. What was done is kept; run the same command again to go on."
Trust = Annotated[
    bool,
    typer.Option(
        "--trust-submissions",
        help="Grade without isolation: only for code you would run yourself. It is stamped on every record.",
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to grade with.")]


@app.command("try")
def try_(
    exercise: Annotated[str, typer.Argument(help="The exercise, for example masked_mean.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE.py...", help="Python files, each with one answer.")],
    seed: Annotated[str, typer.Option(help="Draw the inputs from this seed instead of the published one.")] = "",
    trust_submissions: Trust = False,
    as_json: AsJson = False,
) -> None:
    """Grade plain Python files for one exercise in the sandbox and print their records.

    Several files share one warm sandbox. With --json one file gives one record, several a list in which each record
    has its `file`. Exit code 0 if all have full marks, 1 otherwise, 2 for wrong use.
    """
    from autograder import catalogue, render
    from autograder.engine.sandbox import Sandbox
    from autograder.grading.one_file import PlainFile, grade_file
    from autograder.judging.runner import PUBLISHED_SEED

    one = catalogue.load(exercise)
    sources = [(path, _answer_in(path, one.signature)) for path in files]
    results = []
    with Sandbox(trust=trust_submissions) as sandbox:
        for path, source in sources:
            result = grade_file(one, PlainFile(path.name, source), seed.encode() or PUBLISHED_SEED, sandbox)
            results.append((path, result))
            if not as_json:
                name = f"{path}: " if len(files) > 1 else ""
                out.print(name + render.as_text(result))
    if as_json:
        records = [result.to_dict() | {"file": str(path)} for path, result in results]
        print_json(records if len(files) > 1 else results[0][1].to_dict())
    raise typer.Exit(0 if all(result.passed for _, result in results) else 1)


def _answer_in(path: Path, signature: str) -> str:
    """The text of a file, however it is encoded; every file is read before the first one is graded."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}; give the path of a Python file that defines `{signature}`.")
    return path.read_bytes().decode("utf-8-sig", "replace")


@app.command()
def demo(
    students: Annotated[int, typer.Option(min=1, help="How many students hand in.")] = 12,
    keep: Annotated[Path | None, typer.Option(help="Work in this new folder and keep it.")] = None,
    jobs: Jobs = 1,
    trust_submissions: Trust = False,
    as_json: AsJson = False,
) -> None:
    """Show a whole class, from release to gradebook and feedback, in a temporary folder.

    Exit code 0 when every row is as it should be, 1 otherwise.
    """
    from autograder.desk.demo import demo as run_demo

    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise UsageError(f"The folder {keep} is not empty; give a new one, so that nothing of yours is touched.")
    root = keep or Path(tempfile.mkdtemp(prefix="mtl-grade-demo-"))
    with err.status("starting") as status:
        course, rows = run_demo(root, students, jobs, trust_submissions, status.update)
    paths = {name: str(course.root / name) for name in ("gradebook.db", "feedback", "marks.csv", "submitted")}
    good = all(row.as_it_should_be for row in rows)
    if as_json:
        print_json({"as_it_should_be": good, "rows": [asdict(row) for row in rows], "paths": paths})
    else:
        _print_table(rows)
        for name, path in paths.items():
            out.print(f"{name:<13} {path}")
        out.print("Every row is as it should be." if good else "Some rows are NOT as they should be (marked ✗).")
    raise typer.Exit(0 if good else 1)


def _print_table(rows: list[Any]) -> None:
    grid = Table("", "student", "handed in", "problem set", "marks", "what was wrong")
    for row in rows:
        mark = "✓" if row.as_it_should_be else "✗"
        wrong = row.wrong if len(row.wrong) < 100 else row.wrong[:99] + "…"
        marks = f"{row.score:g}/{row.max_score:g}"
        grid.add_row(mark, row.student, row.kind, row.assignment.partition("_")[0], marks, clean(wrong))
    Console(width=max(out.width, 140), emoji=False).print(grid, markup=False)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The new folder, outside the checkout.")],
    course_id: Annotated[str, typer.Option(help="A short name of the course, for example mtl-2026.")],
    as_json: AsJson = False,
) -> None:
    """Make a course's folder: configuration, secret, roster template, released problem sets and quick tests."""
    from autograder.gradebook.release import release
    from autograder.grading.course import Course

    course = Course.create(folder, course_id)
    names = release(course)
    if as_json:
        print_json({"folder": str(course.root), "course_id": course_id, "released": names})
        return
    out.print(f"Made {course.root} with {len(names)} released assignments in release/: problem sets (ps…) and", end=" ")
    out.print("quick tests (qt…).")
    out.print("Next: fill roster.csv, hand out release/, put what comes back into submitted/<student>/<problem set>/,")
    out.print(f"then `mtl-grade run {folder}`.")


@app.command()
def run(
    submitted: Annotated[Path, typer.Argument(help="The course's folder, or its `submitted` folder.")],
    jobs: Jobs = 2,
    dask: Annotated[str, typer.Option(help="Grade on a Dask cluster, for example tcp://127.0.0.1:8786.")] = "",
    records_only: Annotated[bool, typer.Option(help="Stop before the gradebook.")] = False,
    trust_submissions: Trust = False,
    as_json: AsJson = False,
) -> None:
    """Grade everything handed in, then write nbgrader's gradebook.

    It may be stopped at any moment and run again: what is done is kept, and nothing is graded twice.
    """
    from autograder.desk.run import run as run_course
    from autograder.grading.course import Course

    course = Course.holding(submitted)
    course.trust = trust_submissions
    with _executor(dask) as executor, _progress() as tick:
        summary = run_course(course, executor, jobs, tick, records_only)
    if as_json:
        print_json(asdict(summary))
        return
    line = f"{summary.graded} graded, {summary.cached} already were, {summary.written} entered into the gradebook."
    out.print(line)
    for student, name, reason in summary.for_review:
        out.print(f"for review: {student} {name}: {reason}")
    for student, folder in summary.unknown:
        out.print(f"unknown problem set: {student}/{folder} (not in source/)")


@contextlib.contextmanager
def _executor(address: str) -> Iterator[Any]:
    if not address:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--dask needs the package `distributed`: pip install 'mtl-teach[dask]'.") from None
    try:
        client = Client(address, timeout="10s")
    except OSError as error:
        raise UsageError(f"No Dask scheduler answers at {address}: {error}") from None
    with client:
        yield client.get_executor()


@contextlib.contextmanager
def _progress() -> Iterator[Any]:
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bar:
        task = bar.add_task("grading", total=None, rate="")

        def tick(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.1f}/s" if speed else "")

        yield tick


@app.command()
def collect(
    source: Annotated[Path, typer.Argument(help="A zip archive, a learning platform's download, or a folder.")],
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    assignment: Annotated[str, typer.Option(help="The problem set, where the files' names do not say it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put what students handed in where grading looks for it; say what could not be placed and why."""
    from autograder.desk.collect import collect as collect_from
    from autograder.grading.course import Course

    done = collect_from(Course.holding(course), source, assignment)
    if as_json:
        print_json(asdict(done))
    else:
        out.print(f"{len(done.placed)} notebooks placed in submitted/, {len(done.refused)} files not.")
        for path, why in done.refused:
            out.print(f"not taken: {path}: {why}")
    raise typer.Exit(0 if done.placed else 1)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="The course's folder.")],
    as_json: AsJson = False,
) -> None:
    """Show how each check went over the class, and which misconceptions are in the room."""
    from autograder.desk.report import report as items_of
    from autograder.grading.course import Course

    items = items_of(Course.holding(folder))
    if as_json:
        print_json(items)
        return
    for item in items:
        share = "-" if item["mean_share"] is None else f"{item['mean_share']:.0%}"
        started = f"{item['started']} of {item['handed_in']} started, {share} of the points"
        line = f"{item['title']} ({item['exercise']}): {started}"
        out.print(line)
        for check in item["checks"]:
            rate = "  -" if check["pass_rate"] is None else f"{check['pass_rate']:>4.0%}"
            out.print(f"  {rate}  {check['sentence']}")
        for wrong in item["misconceptions"]:
            out.print(f"        {wrong['students']} behave like {wrong['id']}")
    if not items:
        out.print("Nothing is graded yet: `mtl-grade run` grades what lies in submitted/.")


@app.command()
def feedback(folder: Annotated[Path, typer.Argument(help="The course's folder.")]) -> None:
    """Write nbgrader's feedback page of every graded submission."""
    from autograder.gradebook import enter
    from autograder.grading.course import Course

    course = Course.holding(folder)
    out.print(f"{enter.feedback(course)} feedback pages in {course.root / 'feedback'}")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="The course's folder.")],
    form: Annotated[str, typer.Option("--format", help="csv, canvas or moodle.")] = "csv",
    to: Annotated[
        Path | None, typer.Option(help="The file to write; by default marks.csv in the course's folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the marks as CSV for a spreadsheet or a learning platform."""
    from autograder.gradebook import marks
    from autograder.grading.course import Course

    if form not in marks.FORMATS:
        raise UsageError(f"--format must be one of {', '.join(marks.FORMATS)}; got {form!r}.")
    course = Course.holding(folder)
    if as_json:
        print_json(marks.marks(course))
        return
    path = to or course.root / "marks.csv"
    out.print(f"{marks.write_marks(course, path, form)} rows in {path}")


@app.command()
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say what is stale, edited or leaking.")
    ] = False,
) -> None:
    """Build the notebooks and exercises of this checkout from their text sources."""
    from autograder.authoring import build, gates
    from autograder.course_files import course_root

    root = course_root()
    if not (root / "pyproject.toml").is_file():
        raise UsageError("`mtl-grade build` works in a checkout of the course; this is an installed package.")
    if not check:
        for path in build.build(root):
            out.print(f"built {path}")
        problems = [f"{one.name}: {what}" for one in gates.run_solutions(root) for what in one.wrong]
    else:
        problems = build.check(root)
    for problem in problems:
        out.print(problem)
    out.print(f"{len(problems)} problems" if problems else "Sources and generated files agree.")
    raise typer.Exit(1 if problems else 0)


@app.command()
def lessons(
    names: Annotated[list[str] | None, typer.Argument(help="Which, by number: 05 P1. All of them by default.")] = None,
    time: Annotated[bool, typer.Option("--time", help="Compare with the budgets; fail beyond three times.")] = False,
    smoke: Annotated[bool, typer.Option("--smoke", help="Only a few seeds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run lessons and projects from top to bottom in a fresh kernel, and say how long each took."""
    from autograder.authoring.lessons import time_lessons
    from autograder.course_files import course_root

    rows = []
    for row in time_lessons(course_root(), names or [], smoke):
        rows.append(row)
        if not as_json:
            budget = f"  budget {row.budget:>3.0f} s  {'ok' if row.ok else 'NOT OK'}" if time else ""
            out.print(f"{row.name:<32} {row.seconds:6.1f} s{budget}  {row.error}")
    if as_json:
        print_json([asdict(row) | {"ok": row.ok} for row in rows])
    bad = any(row.error or (time and not row.ok) for row in rows)
    raise typer.Exit(1 if bad or not rows else 0)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what this machine's sandbox has, what it lacks and how to get it."""
    from autograder.desk import doctor as clinic

    rows = clinic.report()
    if as_json:
        print(clinic.as_json(rows))
    else:
        out.print(clinic.as_text(rows))
    raise typer.Exit(0 if clinic.ready(rows) else 1)


@app.command("new-exercise")
def new_exercise(exercise: Annotated[str, typer.Argument(metavar="ID", help="Its name, a Python identifier.")]) -> None:
    """Make a new exercise's folder from commented templates."""
    from autograder.authoring.new_exercise import scaffold
    from autograder.course_files import course_root

    for path in scaffold(exercise, course_root()):
        out.print(f"wrote {path}")


def main() -> None:
    """Run a command; an error is one sentence and an exit code."""
    from autograder.engine.sandbox import SandboxError

    warnings.filterwarnings("ignore", module="nbgrader")  # its database layer warns of its own queries
    run_command(app, (UsageError, SandboxError, OSError), STOPPED)


if __name__ == "__main__":
    main()
