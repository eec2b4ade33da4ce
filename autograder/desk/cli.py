"""``mtl-grade``: the instructor's and the author's commands."""

from __future__ import annotations

import contextlib
import os
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder import health
from autograder.command_line import AsJson, err, new_app, out, print_json
from autograder.command_line import run as run_command
from autograder.results import UsageError, typed
from autograder.visible import clean

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # before NumPy is there: a process of one thread may fork its graders

app = new_app("Grade a class: release problem sets, grade what comes back in a sandbox, and keep nbgrader's gradebook.")
A_CLASS, AUTHORS = "A class, in this order", "For authors, and for trying one answer"
NOTHING_THERE = "Nothing was handed in yet: `mtl-grade collect` takes a platform's download."
STOPPED = "Stopped. What was done is kept; run the same command again to go on."
Trust = Annotated[
    bool,
    typer.Option(
        "--trust-submissions",
        help="Grade without isolation: only for code you would run yourself. It is stamped on every record.",
    ),
]
CourseFolder = Annotated[Path, typer.Argument(help="The course's folder.")]
Students = Annotated[list[str] | None, typer.Option("--student", help="Only this student; may be given several times.")]
Assignments = Annotated[list[str] | None, typer.Option("--assignment", help="Only this problem set; may be repeated.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to grade with.")]


@app.command(rich_help_panel=A_CLASS)
def doctor(as_json: AsJson = False) -> None:
    """Say what this machine's sandbox has, what it lacks and how to get it."""
    from autograder.desk import doctor as clinic

    raise typer.Exit(health.tell(clinic.report(), clinic.WELL, clinic.ILL, as_json))


@app.command(rich_help_panel=A_CLASS)
def demo(
    students: Annotated[int, typer.Option(min=1, help="How many students hand in.")] = 12,
    keep: Annotated[Path | None, typer.Option(help="Work in this new folder and keep it.")] = None,
    jobs: Jobs = 2,
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
    course, rows = run_demo(root, students, jobs, trust_submissions, err.print)
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


@app.command(rich_help_panel=A_CLASS)
def init(
    folder: Annotated[Path, typer.Argument(help="The new folder, outside the checkout.")],
    course_id: Annotated[str, typer.Option(help="A short name of the course, for example mtl-2026.")],
    names: Annotated[
        Path | None, typer.Option(help="The names.toml of an earlier course: what was said of answers there.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a course's folder: configuration, secret, roster template, released problem sets and quick tests."""
    from autograder.desk.begin import begin

    course, released = begin(folder, course_id, names)
    root = course.root
    if as_json:
        print_json({"folder": str(root), "course_id": course_id, "released": released})
        return
    out.print(f"Made {root} with {len(released)} released assignments in release/: problem sets (ps…) and", end=" ")
    out.print("quick tests (qt…).")
    out.print(
        f"Next: {typed('roster', 'FILE', '--course', folder)} reads who is in the class from your platform's list;"
    )
    out.print(f"hand out release/; {typed('collect', 'DOWNLOAD', '--course', folder)} takes what comes back;")
    out.print(f"{typed('run', folder)} grades it.")


@app.command(rich_help_panel=A_CLASS)
def roster(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="Lists of people.")] = None,
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    assignment: Annotated[str, typer.Option(help="The assignment of a Moodle grading worksheet.")] = "",
    accept: Annotated[bool, typer.Option("--accept", help="Do what is said of each doubt.")] = False,
    as_json: AsJson = False,
) -> None:
    """Merge lists of people into roster.csv, or print the class.

    A file is a CSV with columns by name, or an export of Canvas, Moodle, Blackboard, Brightspace or nbgrader. Exit
    code 1, and nothing written, while something is doubtful: edit the file or roster.csv, or run again with --accept.
    """
    from autograder.desk import roster as people
    from autograder.grading.course import Course

    holding = Course.holding(course)
    if not files:
        class_ = people.overview(holding)
        if as_json:
            print_json(class_.to_dict())
        else:
            for line in class_.lines():
                out.print(line)
        return
    done = people.merge(holding, files, assignment, accept)
    if as_json:
        print_json(done.to_dict())
    else:
        for line in done.lines(accept):
            out.print(line)
    raise typer.Exit(1 if done.doubtful and not accept else 0)


@app.command(rich_help_panel=A_CLASS)
def variant(
    assignment: Annotated[str, typer.Argument(metavar="SET", help="The problem set, such as ps05_missing_labels.")],
    students: Annotated[list[str] | None, typer.Argument(metavar="[STUDENT]...", help="By default everybody.")] = None,
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    to: Annotated[Path | None, typer.Option(help="Write a CSV for a mail merge: id, names, e-mail, text.")] = None,
    answers: Annotated[bool, typer.Option("--answers", help="With the right values: for whoever marks.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show or write everybody's own numbers for written questions and for exercises that are worked out by hand.

    Numbers are drawn from the ids of roster.csv, always the same ones. Exercises are graded by them in a course whose
    nbgrader_config.py says `c.MtlGrade.personal_numbers = True`; written questions have them in every course.
    """
    from autograder.desk import variant as personal
    from autograder.grading.course import Course

    holding = Course.holding(course)
    found = personal.handouts(holding, assignment, students or ())
    if to is not None:
        personal.write_table(to, found, answers)
    if as_json:
        rows = map(asdict, found)
        print_json([{name: row[name] for name in row if answers or name != "answers"} for row in rows])
    elif to is not None:
        out.print(f"Wrote {to} with the numbers of {len(found)} people{', and the answers' if answers else ''}.")
    else:
        for one in found:
            right = "".join(f"\n{name} = {value:g}" for name, value in one.answers.items()) if answers else ""
            out.print(f"{one.id}\n\n{one.text}{right}\n")
    if personal.wait_for_the_setting(holding, assignment):
        err.print(personal.OFF)


@app.command(rich_help_panel=A_CLASS)
def questions(
    form: Annotated[str, typer.Option("--format", help="moodle, gift, qti or blackboard.")],
    quizzes: Annotated[list[str] | None, typer.Argument(metavar="[QUIZ]...", help="By number; by default all.")] = None,
    to: Annotated[Path | None, typer.Option(help="The file to write; by default one in the current folder.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Write over a file that says something else.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the quick tests as questions for the quizzes of a learning platform.

    moodle, gift: in Moodle, Question bank > Import > Moodle XML or GIFT format. A category for each quick test, with
    feedback for every option, an explanation and tags.

    qti: in Canvas, Settings > Import Course Content > QTI .zip file. A quiz for each quick test, with feedback and
    explanation; Brightspace and Sakai import it too.

    blackboard: in a test or pool, Upload Questions. Plain text without feedback.

    Exit code 0 when every question was written, 1 when the format cannot hold one: it is named and left out.
    """
    from autograder.desk.questions import write

    done = write(quizzes or (), form, to, again)
    if as_json:
        print_json(done.to_dict())
    else:
        for line in done.lines():
            out.print(line)
    raise typer.Exit(1 if done.left_out else 0)


@app.command(rich_help_panel=A_CLASS)
def collect(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE...", help="Downloads of a learning platform: zips, folders, files.")
    ],
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    assignment: Annotated[str, typer.Option(help="The problem set, where neither contents nor names say it.")] = "",
    keep: Annotated[
        str,
        typer.Option(
            help="Which attempt counts: last, first or best (grades all); by default the configuration's, else last."
        ),
    ] = "",
    match: Annotated[
        Path | None, typer.Option(help="Answers to open questions; by default open-questions.csv of the course.")
    ] = None,
    timezone: Annotated[
        str, typer.Option(help="Of the platform's times, such as Europe/Berlin; by default this machine's.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Give what students handed in to the people of the roster, keep every attempt, and ask where it is not clear.

    Exit code 0 when every file found a place, 1 when something is open or refused, 2 for wrong use.
    """
    from autograder.desk.collecting.collect import collect as collect_from
    from autograder.grading.course import Course

    report = collect_from(Course.holding(course), sources, assignment, keep, match, timezone)
    if as_json:
        print_json(report.to_dict())
    elif out.is_terminal and report.outcomes:
        Console(width=max(out.width, 140), emoji=False).print(report.table(), markup=False)
        for line in report.rest():
            out.print(line)
    else:
        for line in report.lines():
            out.print(line)
    raise typer.Exit(report.exit_code)


@app.command(rich_help_panel=A_CLASS)
def run(
    submitted: Annotated[Path, typer.Argument(help="The course's folder, or its `submitted` folder.")],
    student: Students = None,
    assignment: Assignments = None,
    again: Annotated[bool, typer.Option("--again", help="Grade also what was graded already.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Change marks, too, that were already given back.")] = False,
    jobs: Jobs = 2,
    dask: Annotated[str, typer.Option(help="Grade on a Dask cluster, for example tcp://127.0.0.1:8786.")] = "",
    records_only: Annotated[bool, typer.Option(help="Stop before the gradebook.")] = False,
    trust_submissions: Trust = False,
    as_json: AsJson = False,
) -> None:
    """Grade everything handed in, then write nbgrader's gradebook.

    It may be stopped at any moment and run again: what is done is kept, and nothing is graded twice. Marks that
    feedback or an export has told already change only with --yes; `mtl-grade changes` shows them beforehand. Exit
    code 0 when everything was entered, 1 when such marks were held back.
    """
    from autograder.desk import run as desk
    from autograder.grading.course import Course

    course = Course.holding(submitted)
    course.trust = trust_submissions
    wanted = desk.only(course, student or (), assignment or ())
    with _executor(dask) as executor, _progress() as tick:
        summary = desk.run(course, executor, jobs, tick, records_only=records_only, wanted=wanted, again=again, yes=yes)
    held = summary.entered.held if summary.entered else []
    if as_json:
        print_json(asdict(summary))
        raise typer.Exit(1 if held else 0)
    not_graded = f"{summary.not_graded} could not be graded, " if summary.not_graded else ""
    line = f"{summary.graded} graded, {summary.cached} already were, {not_graded}"
    out.print(f"{line}{summary.written} entered into the gradebook.")
    if not (summary.graded or summary.cached or summary.not_graded or summary.unknown or summary.strangers):
        out.print(NOTHING_THERE)
    if summary.entered:
        _print_entered(summary.entered)
    for one in summary.for_review:
        out.print(f"for review: {one.student} {one.assignment}: {one.reason}")
    if summary.for_review:
        out.print(f"{len(summary.for_review)} for review: {typed('review', course.root)} says what to do.")
    for name, set_ in summary.changed_outside:
        out.print(f"the record of {name} for {set_} was changed outside mtl-grade; graded again")
    for name, folder in summary.unknown:
        out.print(f"unknown problem set: {name}/{folder} (not in source/)")
    for name, why in summary.strangers:
        out.print(f"not in the class, so not entered: submitted/{name}: {why}")
    if held:
        out.print(f"{len(held)} marks were given back already and are left as they are; --yes changes them:")
        _print_changes(held)
    raise typer.Exit(1 if held else 0)


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
    except (TypeError, RuntimeError) as error:  # what Dask says of a tls:// without certificates, or of a tcp:// with
        raise UsageError(f"{address} does not fit ~/.config/dask/dask.yaml (distributed.comm.tls): {error}") from None
    with client:
        yield client.get_executor()


@contextlib.contextmanager
def _progress() -> Iterator[Any]:
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(
        *columns, TimeRemainingColumn(), console=err, transient=True, auto_refresh=False, disable=not err.is_terminal
    ) as bar:
        task = bar.add_task("grading", total=None, rate="")

        def tick(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.1f}/s" if speed else "")
            bar.refresh()  # by hand: a thread that did it would be in the way of forking

        yield tick


def _print_entered(entered: Any) -> None:
    for sentence in entered.said:
        out.print(sentence)
    _print_changes(entered.changes)


def _print_changes(found: list[Any]) -> None:
    for change in found:
        before, after = (f"{mark:g}" if mark is not None else "open" for mark in (change.before, change.after))
        told = " (was given back)" if change.given_back else ""
        line = f"  {change.student} {change.assignment}: {before} -> {after}, {change.why}{told}"
        out.print(line)


@app.command(rich_help_panel=A_CLASS)
def status(
    folder: CourseFolder,
    student: Students = None,
    assignment: Assignments = None,
    whole_term: Annotated[bool, typer.Option("--term", help="One line for everybody: the term so far.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show who has handed in what, what waits for whom, what is late, and who is at risk.

    At risk is who misses 2 assignments that are due, or has less than half of the points of those that are marked;
    `c.MtlGrade.at_risk = {"missing": 2, "share": 0.5}` of nbgrader_config.py sets it. Due is what has a date that is
    over or, without a date, what half of the class has handed in. Totals follow the weights that `export` follows.
    """
    from autograder.desk import run as desk
    from autograder.desk import term
    from autograder.gradebook import marks
    from autograder.grading.course import Course

    course = Course.holding(folder)
    desk.only(course, student or (), assignment or ())
    _look_after_gradebook(course)
    so_far = term.of(course, student or (), assignment or ())
    rows = so_far.rows
    if as_json:
        print_json(so_far.to_dict() if whole_term else rows)
        return
    if whole_term:
        for line in so_far.lines():
            out.print(line)
        return
    for name in dict.fromkeys(row["assignment"] for row in rows):
        of_set = [row for row in rows if row["assignment"] == name]
        counts = Counter(row["status"] for row in of_set)
        line = f"{name}: " + ", ".join(f"{counts[one]} {one}" for one in marks.STATES if counts[one])
        out.print(line)
        for state in (marks.FOR_REVIEW, marks.NEEDS_MARKING, marks.NOT_GRADED_YET, marks.NOT_HANDED_IN):
            who = [row["student"] for row in of_set if row["status"] == state]
            if who:
                out.print(f"  {state}: {', '.join(who)}")
        late = [f"{row['student']} ({term.how_late(row['seconds_late'])})" for row in of_set if row["seconds_late"]]
        if late:
            out.print(f"  late: {', '.join(late)}")
    to_mark = sum(row["status"] == marks.NEEDS_MARKING for row in rows)
    if to_mark:
        need = "needs" if to_mark == 1 else "need"
        out.print(f"{to_mark} {need} marking: {typed('mark', course.root)} opens written answers one after another.")
    for line in so_far.risks():
        out.print(line)
    if not rows:
        out.print(NOTHING_THERE)


def _look_after_gradebook(course: Any) -> None:
    """Bring a gradebook back that is gone or damaged, and say so, before it is read."""
    from autograder.gradebook.backup import secure

    found = secure(course)
    if found.by_hand:
        again = typed("run", course.root)
        err.print(f"{course.gradebook_path} is older than the last run: {again} brings the later marks back.")
    elif found.said:
        err.print(found.said)


@app.command(rich_help_panel=A_CLASS)
def review(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DIR] | STUDENT SET", help="The course's folder to list; or whose work to settle."),
    ] = None,
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    grade: Annotated[bool, typer.Option("--grade", help="You have looked: grade it as it was found.")] = False,
    zero: Annotated[str | None, typer.Option(metavar="REASON", help="No points for what waits, and why.")] = None,
    student: Annotated[str, typer.Option(help="List only this student's.")] = "",
    assignment: Annotated[str, typer.Option(help="List only this problem set's.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what waits for a person and what to do; or settle one submission, by STUDENT and SET.

    A decision holds until something else is handed in; `mtl-grade run` then grades and enters it.
    """
    from autograder.desk.review import as_text
    from autograder.grading.course import GRADE, ZERO, Course
    from autograder.grading.review import settle, waiting

    named = what or []
    if len(named) > 2 or (len(named) == 2) != (grade or zero is not None) or (grade and zero is not None):
        raise UsageError("Give a course's folder to list, or STUDENT SET with one of --grade and --zero REASON.")
    if len(named) == 2:
        holding = Course.holding(course)
        sentence = settle(holding, named[0], named[1], GRADE if grade else ZERO, zero or "")
        if as_json:
            print_json({"student": named[0], "assignment": named[1], "decision": GRADE if grade else ZERO})
        else:
            out.print(f"{sentence} {typed('run', holding.root)} enters it.")
        return
    found = waiting(Course.holding(named[0] if named else course), student, assignment)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        out.print(as_text(found))


@app.command(rich_help_panel=A_CLASS)
def changes(
    folder: CourseFolder,
    student: Students = None,
    assignment: Assignments = None,
    jobs: Jobs = 2,
    trust_submissions: Trust = False,
    as_json: AsJson = False,
) -> None:
    """Show whose mark `mtl-grade run` would move, by how much and why; the gradebook is not touched.

    What has no record yet is graded first. Exit code 0 where no mark that was given back would move, else 1.
    """
    from autograder.desk import run as desk
    from autograder.grading.course import Course

    course = Course.holding(folder)
    course.trust = trust_submissions
    wanted = desk.only(course, student or (), assignment or ())
    with _progress() as tick:
        found = desk.changes(course, None, jobs, tick, wanted=wanted)
    given_back = any(change.given_back for change in found.changes)
    if as_json:
        print_json(asdict(found))
        raise typer.Exit(1 if given_back else 0)
    _print_entered(found)
    marks = "1 mark" if len(found.changes) == 1 else f"{len(found.changes)} marks"
    enters = f"{marks} would change; {typed('run', course.root)} enters what changes."
    out.print(enters if found.changes else "No mark would change.")
    raise typer.Exit(1 if given_back else 0)


@app.command(rich_help_panel=A_CLASS)
def mark(
    folder: CourseFolder,
    assignment: Assignments = None,
    question: Annotated[str, typer.Option(help="Only this question: the name of its cell, or SET/CELL.")] = "",
    second: Annotated[str, typer.Option(metavar="NAME", help="Mark a sample a second time, blind, as NAME.")] = "",
    share: Annotated[float, typer.Option(help="With --second: the share of the answers in the sample.")] = 0.2,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="By default any that is free.")] = 0,
) -> None:
    """Mark written answers question by question, with the mark scheme beside them, by keyboard.

    A page on this machine alone; each mark is at once where formgrader has it. It stops with Ctrl+C, or when nothing
    was asked for an hour. A second marker's marks never reach the gradebook; `mtl-grade agreement` compares them.
    """
    from autograder.desk.marking.pile import Gradebook, Marking, schemes
    from autograder.desk.marking.second import SecondMarks
    from autograder.desk.marking.server import Server, serve
    from autograder.gradebook.backup import keep_copy
    from autograder.grading.course import Course

    course = Course.holding(folder)
    _look_after_gradebook(course)
    questions = schemes(course, assignment or (), question)
    book = SecondMarks(course, second, share) if second else Gradebook(course)
    marking = Marking(course, questions, book, blind=bool(second))
    marking.something_to_mark()
    try:
        serve(Server(marking, port), not no_browser, out.print)
    finally:
        if marking.saved and not second and course.gradebook_path.is_file():
            keep_copy(course)


@app.command(rich_help_panel=A_CLASS)
def agreement(
    folder: CourseFolder,
    assignment: Assignments = None,
    question: Annotated[str, typer.Option(help="Only this question: the name of its cell, or SET/CELL.")] = "",
    as_json: AsJson = False,
) -> None:
    """Compare second marks with the gradebook's, question by question.

    How many are the same, Cohen's kappa with quadratic weights (a difference of two points counts four times as much
    as one of one) with a 95 % interval by bootstrap, and the answers that differ most.
    """
    from autograder.desk.marking.agreement import agreements
    from autograder.desk.marking.pile import schemes
    from autograder.grading.course import Course

    course = Course.holding(folder)
    _look_after_gradebook(course)
    found = agreements(course, schemes(course, assignment or (), question).values())
    if as_json:
        print_json([one.to_dict() for one in found])
        return
    for one in found:
        for line in one.lines():
            out.print(line)
    if not found:
        out.print(f"Nothing is marked twice yet: {typed('mark', course.root, '--second', 'NAME')} marks a sample.")


@app.command(rich_help_panel=A_CLASS)
def report(
    folder: CourseFolder,
    student: Students = None,
    assignment: Assignments = None,
    html: Annotated[bool, typer.Option("--html", help="Write a page of it all, for a browser or a printer.")] = False,
    to: Annotated[
        Path | None, typer.Option(help="The page to write; by default report.html in the course's folder.")
    ] = None,
    no_names: Annotated[
        bool, typer.Option("--no-names", help="Leave out every id, name, comment and text of a student: to share.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what to teach again, how each check and question went over the class, and which mistakes are in the room."""
    from autograder.desk.reporting.page import write_page
    from autograder.desk.reporting.report import report as report_on
    from autograder.desk.reporting.terminal import as_lines
    from autograder.desk.run import only
    from autograder.grading.course import Course

    if to is not None and not html:
        raise UsageError("--to names the page that --html writes; give both.")
    course = Course.holding(folder)
    _look_after_gradebook(course)
    found = report_on(course, only(course, student or (), assignment or ()), names=not no_names)
    written = write_page(course, found, to) if html else None
    if as_json:
        print_json(found.to_dict() | ({"page": str(written)} if written else {}))
        return
    for line in [f"Wrote {written}."] if written else as_lines(found):
        out.print(line)


@app.command("similar", rich_help_panel=A_CLASS)
def similar_(
    folder: CourseFolder,
    assignment: Annotated[str, typer.Option(help="The problem set, such as ps05_missing_labels.")],
    html: Annotated[Path | None, typer.Option(help="Write a page with the answers side by side.")] = None,
    short: Annotated[bool, typer.Option("--short", help="Compare answers of a few lines too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List pairs of students whose answers share text, for a person to look at.

    Names, layout and comments do not count. Left out are what was handed out, our solutions, the known right and wrong
    answers, and what many have. A pair is a reason to look and to ask, and nothing more. Sets whose answers have fewer
    than ten lines are not compared without --short.
    """
    from autograder.desk.similarity.compare import similar
    from autograder.desk.similarity.page import write_page
    from autograder.grading.course import Course

    found = similar(Course.holding(folder), assignment, short)
    if html is not None:
        write_page(found, html)
    if as_json:
        print_json(found.to_dict())
        return
    for line in found.said():
        out.print(line)
    if html is not None:
        out.print(f"Side by side: {html}")


@app.command(rich_help_panel=A_CLASS)
def clusters(
    folder: CourseFolder,
    student: Students = None,
    assignment: Assignments = None,
    exercise: Annotated[list[str] | None, typer.Option(help="Only this exercise; may be repeated.")] = None,
    right: Annotated[bool, typer.Option("--right", help="The right answers, by how they are written.")] = False,
    no_names: Annotated[
        bool, typer.Option("--no-names", help="Leave out who they are, their words, and code that only one wrote.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show wrong answers that are no known mistake, those together that behave alike; the largest group first.

    Each with its smallest counterexample and its shortest answer; `mtl-grade name` says something to all of a group.
    """
    from autograder import catalogue
    from autograder.desk import clusters as alike
    from autograder.desk.run import only
    from autograder.grading.anonymous import People
    from autograder.grading.course import Course

    course = Course.holding(folder)
    wanted = only(course, student or (), assignment or ())
    exercises = {catalogue.load(one).id for one in exercise or ()}
    groups = alike.styles(course, wanted) if right else alike.clusters(course, wanted)
    found = [one for one in groups if not exercises or one.exercise in exercises]
    if no_names:
        people = People.in_course(course, {one.student for one in course.submissions()})
        found = [alike.without_names(one, people) for one in found]
    silent = {} if right else alike.not_comparable(course, wanted)
    silent = {one: count for one, count in silent.items() if not exercises or one in exercises}
    if as_json:
        print_json({"clusters": [alike.as_data(one, names=not no_names) for one in found], "not_comparable": silent})
        return
    for line in alike.as_text(found, silent, folder, names=not no_names):
        out.print(line)
    if found or silent:
        return
    if not alike.anything_graded(course, wanted):
        out.print(f"Nothing is graded yet: {typed('run', folder)} grades what lies in submitted/.")
    else:
        out.print("No right answer is graded yet." if right else "No wrong answer is without a name.")


@app.command(rich_help_panel=A_CLASS)
def name(
    exercise: Annotated[str, typer.Argument(help="The exercise, for example masked_mean.")],
    fingerprint: Annotated[str, typer.Argument(help="The group, as `mtl-grade clusters` shows it.")],
    message: Annotated[str, typer.Argument(help="What to tell them; by default what they were told before.")] = "",
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    title: Annotated[str, typer.Option(help="A few words for lists; by default the message's beginning.")] = "",
    right: Annotated[bool, typer.Option("--right", help="A comment on right answers that are written so.")] = False,
    as_misconception: Annotated[
        str, typer.Option(metavar="ID", help="In a checkout: begin a misconception of the exercise with it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say something to everybody whose answer behaves alike, in this course and whoever hands one in later.

    It stands in names.toml of the course's folder, in the gradebook's comments and on the feedback pages that are there
    already. No mark moves, and nothing is graded again.
    """
    from autograder.authoring.new_mistake import file_for
    from autograder.course_files import course_root
    from autograder.desk import naming
    from autograder.grading.course import Course

    if right and as_misconception:
        raise UsageError("--as-misconception is for wrong answers; leave --right out.")
    holding = Course.holding(course)
    if as_misconception:
        file_for(exercise, as_misconception, course_root())
    done = naming.give_name(holding, exercise, fingerprint, message, title, right=right)
    template = None
    if as_misconception:
        template = naming.as_misconception(holding, exercise, fingerprint, as_misconception, course_root())
    if as_json:
        print_json(done.to_dict() | ({"template": str(template)} if template else {}))
        return
    for line in done.lines():
        out.print(line)
    if template:
        out.print(
            f"A template stands at the end of {template}, as a comment: read the code, it is a student's. Then take"
        )
        out.print(
            f"the signs of a comment away; `pytest tests/course -k {exercise}` says whether all that it needs is there."
        )


@app.command(rich_help_panel=A_CLASS)
def feedback(
    folder: Annotated[Path, typer.Argument(help="The course's folder.")],
    student: Annotated[list[str] | None, typer.Option(help="Only this student's pages; may be repeated.")] = None,
    assignment: Annotated[list[str] | None, typer.Option(help="Only this assignment's; may be repeated.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Make also pages that did not change or were edited by hand.")
    ] = False,
    form: Annotated[
        str, typer.Option("--zip", help="Pack one assignment's pages for a platform: canvas, moodle or brightspace.")
    ] = "",
    to: Annotated[Path | None, typer.Option(help="The archive to write.")] = None,
    like: Annotated[Path | None, typer.Option(help="The platform's download, whose names are to be used.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a page for each student and assignment in the gradebook; one that says the same as before is kept.

    With --zip the pages of one assignment are then packed as the platform takes them back.
    """
    from autograder.gradebook.feedback.write import write_pages
    from autograder.grading.course import Course

    if form and len(assignment or ()) != 1:
        raise UsageError("--zip packs the pages of one assignment; name it with --assignment.")
    course = Course.holding(folder)
    _look_after_gradebook(course)
    pages = write_pages(course, student or (), assignment or (), again=again)
    packed = None
    if form:
        from autograder.desk.feedback_archive import feedback_archive

        packed = feedback_archive(course, form, (assignment or [""])[0], to=to, like=like, students=student or ())
    if as_json:
        archive = {"archive": asdict(packed) | {"path": str(packed.path)}} if packed else {}
        print_json({"folder": str(course.root / "feedback"), **asdict(pages), **archive})
        return
    what = "feedback page" if pages.there == 1 else "feedback pages"
    out.print(f"{pages.there} {what} in {course.root / 'feedback'}, {len(pages.made)} of them made now")
    for who, name in pages.edited:
        out.print(f"kept: {who} {name} was edited by hand; --again makes it anew")
    if pages.not_entered:
        out.print(f"{len(pages.not_entered)} not in the gradebook yet: {typed('run', course.root)} enters them.")
    elif not pages.there and not packed:
        out.print(NOTHING_THERE)
    if packed:
        out.print(f"{len(packed.sent)} feedback files in {packed.path}")
        for who, why in packed.left.items():
            out.print(f"not sent: {who}: {why}")


@app.command(rich_help_panel=A_CLASS)
def export(
    folder: Annotated[Path, typer.Argument(help="The course's folder.")],
    form: Annotated[str, typer.Option("--format", help="csv, canvas, moodle, blackboard or brightspace.")] = "csv",
    like: Annotated[
        Path | None, typer.Option(help="A file that the platform wrote: only the cells of our assignments change.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The file to write; by default in the course's folder, named for the choice.")
    ] = None,
    assignment: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    by_exercise: Annotated[bool, typer.Option("--by-exercise", help="csv: a column for each exercise too.")] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="TITLE=SET", help="Which assignment a column is; remembered. TITLE=- for none of ours."),
    ] = None,
    scale: Annotated[
        bool, typer.Option("--scale", help="Scale the marks where the platform counts another number of points.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the marks for a spreadsheet, or into a learning platform's own file.

    All marks go into marks.csv, those of --assignment SET into marks_SET.csv. What nobody has decided yet stays
    blank. Without --like it is the least that the platform imports. The table of --format csv has totals by
    `c.MtlGrade.weights = {"ps": 70, "qt": 30}` and `c.MtlGrade.drop_lowest = 1` (or a number for each prefix) of
    nbgrader_config.py; a quick test is passed with 5 of 7 points. --json writes no file.
    """
    from autograder.desk import export as exporting
    from autograder.grading.course import Course

    columns = dict(exporting.pair(each) for each in column or ())
    choice = exporting.Choice(tuple(assignment or ()), tuple(student or ()), by_exercise, columns, scale)
    course = Course.holding(folder)
    _look_after_gradebook(course)
    if as_json:
        print_json(exporting.rows_of(course, choice))
        return
    done = exporting.export(course, form, choice, like, to)
    for line in done.lines(form, like):
        out.print(line)


Wheel = Annotated[
    Path | None, typer.Option(help="The wheel of this mtl-teach; by default it is built from the checkout.")
]
SecretOf = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="A course's folder, from whose secret this one's is worked out, the same each time; else it is drawn.",
    ),
]
TrustThere = Annotated[
    bool,
    typer.Option(
        "--trust-submissions",
        help="If the platform's container cannot isolate code, run it beside the grader; every result says so.",
    ),
]


@app.command(rich_help_panel=A_CLASS)
def gradescope(
    assignment: Annotated[str, typer.Argument(metavar="SET", help="The problem set, such as ps05_missing_labels.")],
    to: Annotated[Path | None, typer.Option(help="The archive to write; by default gradescope-SET.zip.")] = None,
    visible: Annotated[
        bool, typer.Option("--visible", help="Show students the checks at once, not when marks are published.")
    ] = False,
    wheel: Wheel = None,
    secret_of: SecretOf = None,
    trust_submissions: TrustThere = False,
    as_json: AsJson = False,
) -> None:
    """Make an autograder archive of a problem set for Gradescope: upload it under Configure Autograder.

    There every check is a test with its points, asked on inputs from the archive's own secret, in the sandbox. Written
    answers get no test: add a question that is marked by hand. Where the container cannot isolate code, nothing is
    graded, the student reads that, and the log says what to do. Choose Ubuntu 22.04 or newer and 3 GB of memory.
    """
    from autograder.desk.adapters.gradescope import make

    path = make(assignment, to, wheel=wheel, secret_of=secret_of, trust=trust_submissions, visible=visible)
    if as_json:
        print_json({"archive": str(path), "assignment": assignment})
        return
    out.print(
        f"Wrote {path}. It holds the secret from which marks' inputs are drawn: give it to nobody but Gradescope."
    )
    out.print("Upload it under Configure Autograder and try a submission with Test Autograder before students see it.")


@app.command(rich_help_panel=A_CLASS)
def prairielearn(
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE", help="The exercise, such as masked_mean.")],
    to: Annotated[Path | None, typer.Option(help="The new folder; by default one of the exercise's name.")] = None,
    image: Annotated[
        str, typer.Option(help="What you call the image that you build from its image/; else mtl-teach-grader.")
    ] = "",
    wheel: Wheel = None,
    secret_of: SecretOf = None,
    trust_submissions: TrustThere = False,
    as_json: AsJson = False,
) -> None:
    """Make a question of an exercise for PrairieLearn: a folder to put into your course's questions/.

    Students write the function in an editor; an external grader asks the checks, on inputs from the question's own
    secret, in the sandbox. Build the image once for all exercises: `docker build -t NAME EXERCISE/image`. A file that
    is no Python, or that nothing could be said of, uses no attempt.
    """
    from autograder.desk.adapters.prairielearn import IMAGE, make

    image = image or IMAGE
    path = make(exercise, to, image=image, wheel=wheel, secret_of=secret_of, trust=trust_submissions)
    if as_json:
        print_json({"folder": str(path), "exercise": exercise, "image": image})
        return
    out.print(f"Wrote {path}. Its tests/ holds the secret from which marks' inputs are drawn: keep it from students.")
    out.print(f"Next: docker build -t {image} {path / 'image'}, once for all exercises; read {path / 'question.html'}.")


@app.command("adapter-run", hidden=True)
def adapter_run(
    platform: Annotated[str, typer.Argument(help="gradescope or prairielearn.")],
    root: Annotated[Path | None, typer.Argument(help="By default the platform's own: /autograder, /grade.")] = None,
) -> None:
    """Grade one submission in a platform's container; what `gradescope` and `prairielearn` make calls this."""
    from autograder.desk.adapters import gradescope, prairielearn

    known = {"gradescope": gradescope, "prairielearn": prairielearn}
    if platform not in known:
        raise UsageError(f"There is no platform {platform!r}; there are: {', '.join(known)}.")
    known[platform].run(root or known[platform].ROOT)


@app.command("try", rich_help_panel=AUTHORS)
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
    from autograder.engine.libraries import named_in
    from autograder.engine.sandbox import Sandbox
    from autograder.grading.one_file import PlainFile, grade_file
    from autograder.judging.runner import PUBLISHED_SEED

    one = catalogue.load(exercise)
    sources = [(path, _answer_in(path, one.signature)) for path in files]
    results = []
    with Sandbox(trust=trust_submissions, imports=()) as sandbox:
        sandbox.warm(named_in([one.code(), *(source for _, source in sources)]))
        sandbox.start()
        one.prepare()  # while the sandbox imports its libraries
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


@app.command(rich_help_panel=AUTHORS)
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


@app.command(rich_help_panel=AUTHORS)
def book(folder: Annotated[Path, typer.Argument(help="Where to; what else lies there is removed.")]) -> None:
    """Write the text of the web book, from which `mtl-grade site` builds it."""
    from autograder.authoring import book

    for path in book.write(_checkout_of_the_book("book"), folder):
        out.print(f"wrote {path}")


@app.command(rich_help_panel=AUTHORS)
def site(
    to: Annotated[Path, typer.Option(help="Where to; it stays as it was until the whole book is built.")] = Path(
        "build/site"
    ),
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Lessons and pages at the same time.")] = 2,
    run: Annotated[
        bool, typer.Option(" /--no-run", help="Do not run lessons: those never run as they are have no outputs.")
    ] = True,
    again: Annotated[bool, typer.Option("--again", help="Run also lessons whose outputs are known.")] = False,
    pyodide: Annotated[
        Path | None, typer.Option(help="A release of Pyodide (see `lite`): put the browser edition into the book.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the web book: run what changed of the lessons, build the pages, check links and sizes, then publish.

    Outputs are known while lesson, packages and libraries are the same. Exit code 1, and the published book as it was,
    when a lesson fails, a link leads nowhere, a page fetches something from elsewhere, or something is too large.
    """
    from autograder.authoring.site import build as build_site

    say = (lambda text: None) if as_json else out.print
    report = build_site(_checkout_of_the_book("site"), to, say, jobs=jobs, run=run, again=again, pyodide=pyodide)
    if as_json:
        print_json(asdict(report) | {"published": report.published})
        raise typer.Exit(0 if report.published else 1)
    for problem in report.problems:
        out.print(problem)
    if report.problems:
        out.print(f"Nothing was published; {to} is as it was.")
    raise typer.Exit(0 if report.published else 1)


def _checkout_of_the_book(command: str) -> Path:
    from autograder.course_files import course_root

    root = course_root()
    if not (root / "docs" / "book").is_dir():
        raise UsageError(f"`mtl-grade {command}` works in a checkout of the course; this is an installed package.")
    return root


@app.command(rich_help_panel=AUTHORS)
def lite(
    pyodide: Annotated[Path, typer.Option(help="A release of Pyodide: its archive, or the folder of one.")],
    to: Annotated[Path, typer.Option(help="Where to; an edition that lies there is replaced.")] = Path("build/lite"),
    as_json: AsJson = False,
) -> None:
    """Build the browser edition: exercises, quick tests and predictions in a web page, with nothing to install.

    Pyodide is Python for browsers. Its release 0.27.7 is an asset of that release of pyodide/pyodide on GitHub
    (pyodide-0.27.7.tar.bz2, not pyodide-core); download it once and name it with --pyodide.

    The folder goes on any web server. In the web book's own folder, as `lite`, the links between the two arrive.

    Exit code 1 where it could not be built, and what lay there is as it was.
    """
    from autograder.authoring.lite import site
    from autograder.course_files import course_root

    root = course_root()
    if not (root / "pyproject.toml").is_file():
        raise UsageError("`mtl-grade lite` works in a checkout of the course; this is an installed package.")
    try:
        done = site.build(root, pyodide, to)
    except site.LiteError as error:
        err.print(str(error))
        raise typer.Exit(1) from error
    if as_json:
        print_json(done.to_dict())
    else:
        for line in done.lines():
            out.print(line)


@app.command(rich_help_panel=AUTHORS)
def lessons(
    names: Annotated[list[str] | None, typer.Argument(help="Which, by number: 05 P1. All of them by default.")] = None,
    time: Annotated[bool, typer.Option("--time", help="Compare with the budgets; fail beyond three times.")] = False,
    smoke: Annotated[bool, typer.Option("--smoke", help="Only a few seeds.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="How many at the same time; each has one core.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Run lessons and projects from top to bottom in a fresh kernel, and say how long each took."""
    from autograder.authoring.lessons import time_lessons
    from autograder.course_files import course_root

    rows = []
    for row in time_lessons(course_root(), names or [], smoke, jobs):
        rows.append(row)
        if not as_json:
            budget = f"  budget {row.budget:>3.0f} s  {'ok' if row.ok else 'NOT OK'}" if time else ""
            out.print(f"{row.name:<32} {row.seconds:6.1f} s{budget}  {row.error}")
    if as_json:
        print_json([asdict(row) | {"ok": row.ok} for row in rows])
    bad = any(row.error or (time and not row.ok) for row in rows)
    raise typer.Exit(1 if bad or not rows else 0)


@app.command("new-exercise", rich_help_panel=AUTHORS)
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
