"""``mtl-teach``: the learner's commands."""

from __future__ import annotations

import contextlib
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from autograder import api, catalogue, health, render
from autograder.authoring.solutions import NoSolution
from autograder.command_line import AsJson, err, new_app, out, print_json, run
from autograder.files import write_json
from autograder.marked import plain
from autograder.quizzes import bank
from autograder.results import ExerciseResult, UsageError
from mtl_teach.learn import home, search, search_box
from mtl_teach.learn.course_map import (
    Lesson,
    Place,
    Project,
    Step,
    Task,
    also_begun,
    course_map,
    next_step,
    projects_of,
)
from mtl_teach.learn.lesson import after_check, onward, own_text, self_check
from mtl_teach.learn.lesson.difference import difference_text, is_code
from mtl_teach.learn.lesson.ordering import Arrangement
from mtl_teach.learn.progress import Progress, ProgressError, read_export, save
from mtl_teach.learn.reviewing import asking, cards, schedule, summary
from mtl_teach.learn.terminal import checking, which
from mtl_teach.learn.terminal import doctor as clinic
from mtl_teach.learn.workspace import deliver, server
from mtl_teach.learn.workspace.places import PROGRESS, find_workspace, workspace_here

app = new_app(
    "Learn multi-task and multi-objective learning: lessons, exercises that know what went wrong, quick tests.\n\n"
    "Begin with `mtl-teach start`. Everything you do stays in your workspace, on this computer."
)
EXPECTED = (
    UsageError,
    NoSolution,
    ProgressError,
    bank.QuizError,
    checking.CheckingError,
    deliver.WorkspaceError,
    server.ServerError,
)
Stamp = tuple[int, int] | None  # when a file was saved, and its size
ExerciseName = Annotated[str, typer.Argument(help="The exercise, for example masked_mean.")]


# ---- the workspace ---------------------------------------------------------------------------------------------


@app.command()
def start(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace.")] = Path("mtl-course"),
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address (for servers).")] = False,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Where JupyterLab listens on this computer.")
    ] = server.PORT,
) -> None:
    """Make a workspace, or bring it up to date, and open JupyterLab on its home page.

    Run it again whenever you come back, and after an upgrade: new material arrives, cells that you edited stay as
    they are. A set-up or check cell that you deleted comes back.
    """
    here = find_workspace()
    if folder == Path("mtl-course") and here is not None and not folder.exists():
        folder = here  # inside a workspace the default is that workspace, not another one in it
    report = deliver.update(folder)
    for line in report.lines():
        out.print(line)
    raise typer.Exit(server.serve(report.root, port, not no_browser))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show the map of the course and what you have done of it."""
    workspace = workspace_here()
    lessons, projects = course_map(workspace), projects_of(workspace)
    step = next_step(lessons, projects)
    if as_json:
        data = {"lessons": [_lesson_data(one) for one in lessons], "projects": [_project_data(one) for one in projects]}
        print_json(data | {"next": _step_data(step)})
        return
    for lesson in lessons:
        out.print(f"{lesson.slug[:2]} {lesson.title}", style="bold")
        if words := home.reading_words(lesson):
            out.print(f"   {words}")
        for task in lesson.tasks:
            out.print(f"   {_task_line(task)}")
        for written in lesson.written:
            out.print(f"   {home.MARKS[written.state]} {written.state:<6} {written.title} (in writing)")
        out.print(f"   quick test: {home.quick_test_words(lesson)}")
    for project in projects:
        out.print(f"{project.slug[:2]} {project.title}", style="bold")
        out.print(f"   {home.project_words(project)}")
    for also in also_begun(lessons, projects, step)[: home.N_ALSO]:
        out.print(f"Begun as well: {also.sentence} ({also.path})")
    out.print(f"{home.headline(step)} ({step.path})")


def _task_line(task: Task) -> str:
    row = task.row
    words = [f"{row['attempts']} attempt(s)"] if row["attempts"] else []
    words += [f"{row['hints']} hint(s)"] if row["hints"] else []
    words += ["solution shown"] if row["gave_up"] else []
    words += [f"{row['minutes']:.0f} min"] if row["minutes"] >= 1 else []
    detail = f" ({', '.join(words)})" if words else ""
    return f"{home.MARKS[task.state]} {task.state:<6} {task.id}: {task.title}{detail}"


def _lesson_data(lesson: Lesson) -> dict[str, Any]:
    hidden = ("answer", "content")
    tasks = [
        {"title": task.title, "state": task.state}
        | {name: value for name, value in (task.row | {"id": task.id}).items() if name not in hidden}
        for task in lesson.tasks
    ]
    passed = lesson.quick_test_done and bool(lesson.quick_test)
    quiz = {"id": lesson.quick_test, "best": lesson.quick_test_best, "passed": passed}
    written = [{"id": one.id, "title": one.title, "state": one.state} for one in lesson.written]
    done = {"slug": lesson.slug, "title": lesson.title, "done": lesson.done, "exercises": tasks, "quiz": quiz}
    return done | {"place": _place_data(lesson.place), "written": written, "minutes_left": lesson.minutes_left}


def _project_data(project: Project) -> dict[str, Any]:
    milestones = [{"name": name, "passed": name in project.passed} for name in project.milestones]
    data = {"slug": project.slug, "title": project.title, "done": project.done, "milestones": milestones}
    return data | {"place": _place_data(project.place), "minutes_left": project.minutes_left}


def _place_data(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"section": place.section, "read": round(place.share, 2), "when": place.when}


def _step_data(step: Step) -> dict[str, str]:
    return {"sentence": step.sentence, "path": step.path, "link": step.link}


@app.command("next")
def next_(as_json: AsJson = False) -> None:
    """Say what to do next, and where it is."""
    workspace = workspace_here()
    lessons, projects = course_map(workspace), projects_of(workspace)
    step = next_step(lessons, projects)
    if as_json:
        print_json(_step_data(step))
        return
    out.print(step.sentence)
    out.print(str(workspace / step.path))
    for also in also_begun(lessons, projects, step)[: home.N_ALSO]:
        out.print(f"Begun as well: {also.sentence}")


@app.command()
def find(
    words: Annotated[list[str], typer.Argument(help="What to look for, for example: masked mean.")],
    limit: Annotated[int, typer.Option(min=1, help="How many places at most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Find where the course speaks of something: lessons, problem sets, quick tests, projects, glossary, pages.

    Exit code 0 if something was found, 1 if not.
    """
    workspace, wanted = workspace_here(), " ".join(words)
    index = search.index_of(workspace)
    hits = index.find(wanted, limit)
    if as_json:
        print_json([_hit_data(hit) for hit in hits])
    for hit in hits if not as_json else ():
        out.print(f"{hit.entry.where[:1].upper()}{hit.entry.where[1:]}", style="bold")
        if hit.plain:
            out.print(f"   {hit.plain}")
        out.print(f"   {workspace / hit.entry.path}")
    if not hits:
        err.print(search_box.nothing(wanted, index))
        raise typer.Exit(1)


def _hit_data(hit: search.Hit) -> dict[str, str]:
    entry = hit.entry
    told = {"kind": entry.kind, "where": entry.where, "title": entry.title, "path": entry.path}
    return told | {"link": entry.link, "excerpt": hit.plain}


@app.command("export")
def export_(
    file: Annotated[Path | None, typer.Argument(help="Where to write; without it the JSON is printed.")] = None,
) -> None:
    """Write your progress as JSON, to keep it or to take it to another computer."""
    data = Progress(workspace_here() / PROGRESS).to_json()
    if file is None:
        print_json(data)
        return
    try:
        write_json(file.resolve(), data)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
    out.print(f"Wrote {file}.")


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="A file that `mtl-teach export` wrote.")]) -> None:
    """Merge exported progress into this workspace; nothing saved here is lost."""
    progress = Progress(workspace_here() / PROGRESS)
    count = progress.merge_json(read_export(file))
    _tell(progress.notice)
    out.print(f"Merged {count} entries from {file}.")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what keeps the course from running on this computer, and the repair: packages, PyTorch, kernel, workspace.

    Exit code 0 if everything that is needed is there, 1 if not. Nothing is changed.
    """
    raise typer.Exit(health.tell(clinic.report(find_workspace()), clinic.WELL, clinic.ILL, as_json))


# ---- exercises -------------------------------------------------------------------------------------------------


@app.command()
def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EXERCISE|SET|FILE]...",
            help="Names of exercises, problem sets (ps05, or 5), and .py or .ipynb files to read.",
        ),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a file is saved; Ctrl+C ends.")] = False,
    seconds: Annotated[float, typer.Option("--timeout", min=1, help="Seconds a file may run.")] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Run the same checks as in the notebook, on the saved notebooks of this workspace or on a Python file.

    Without a name every exercise that you have begun is checked; with a name, that one: the code cells are run up
    to its check. A notebook that cannot be read is named, and the others are checked. Exit code 0 if everything
    passed, 1 if not.
    """
    with checking.Checker(seconds) as checker:  # its process gets ready while the notebooks are read
        jobs = which.jobs(what or [])
        for sentence in jobs.unreadable:
            err.print(sentence)
        begun_only = not what
        seen = {path: _stamp(path) for path in jobs.files}  # before they are read: what is saved meanwhile is new
        good = _check_all(checker, jobs.files, begun_only, as_json, again=watch) and not jobs.unreadable
        if watch:
            _watch(checker, jobs.files, seen, begun_only, as_json)
    raise typer.Exit(0 if good else 1)


def _check_all(
    checker: checking.Checker, jobs: dict[Path, list[str]], begun_only: bool, as_json: bool, again: bool
) -> bool:
    """Check every file and show what came out, under its name where several check one exercise; True if all passed."""
    good, records, last = True, [], None
    copies = which.copies(jobs)
    for number, (path, names) in enumerate(jobs.items(), 1):
        with _working(f"Checking {path.name}" + (f" ({number} of {len(jobs)})" if len(jobs) > 1 else "")):
            results = _check_one(checker, path, names, begun_only, again=again or number < len(jobs))
        good = good and results is not None and all(result.passed for result in results)
        records += [result.to_dict() | {"file": str(path)} for result in results or []]
        last = (path, results[-1]) if results else last
        if as_json:
            continue
        if results and path in copies:
            out.print(f"In {copies[path]}:")
        for result in results or []:
            _print_result(result)
    if as_json:
        print_json(records)
    elif not records and good:
        out.print("Nothing is begun yet. See what is next with: mtl-teach next")
    elif good and last:
        _print_onward(*last)
    return good


def _print_onward(path: Path, passed: ExerciseResult) -> None:
    """After a pass, say what to do next; nothing outside a workspace."""
    workspace = find_workspace(path.resolve().parent)
    step = onward.after(passed, workspace) if workspace else None
    if step is not None:
        out.print(step.text)


@contextlib.contextmanager
def _working(what: str) -> Iterator[None]:
    """Say what is being done while it lasts, where somebody looks on."""
    if not err.is_terminal:
        yield
        return
    with err.status(what):
        yield


def _check_one(
    checker: checking.Checker, path: Path, names: list[str], begun_only: bool, again: bool
) -> list[ExerciseResult] | None:
    """Check one file and save the results; None, and a sentence, if it cannot be run."""
    try:
        checked = checker.check(checking.read_script(path), names, again=again)
    except checking.CheckingError as error:
        err.print(str(error))
        return None
    progress = Progress.here(path.resolve().parent)
    results = []
    for item in checked:
        result = ExerciseResult.from_dict(item.result)
        if begun_only and result.not_started:
            continue
        results.append(result)
        if progress is not None:
            try:
                progress.record_check(result, item.answer)
            except ProgressError as error:
                _tell(str(error))
            _tell(progress.notice)
    return results


def _print_result(result: ExerciseResult) -> None:
    styles = {"✓": "green", "✗": "bold red", "–": "dim", "!": "yellow"}
    for number, line in enumerate(render.as_text(result, api.reading(result)[0]).splitlines()):
        style = styles.get(line.strip()[:1], "") if number else "bold"
        out.print(line, style=style)


def _watch(
    checker: checking.Checker, jobs: dict[Path, list[str]], seen: dict[Path, Stamp], begun_only: bool, as_json: bool
) -> None:
    try:
        err.print("Watching; save a file to check it again, Ctrl+C ends.")
        while True:
            time.sleep(0.1)
            for path, names in jobs.items():
                now = _stamp(path)
                if now is not None and now != seen[path]:
                    seen[path] = now
                    err.print(f"{path.name} was saved; checking ...")
                    _check_all(checker, {path: names}, begun_only, as_json, again=True)
    except KeyboardInterrupt:
        err.print("Stopped.")


def _stamp(path: Path) -> Stamp:
    """When a file was saved; None while an editor is replacing it."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


@app.command()
def hint(
    exercise: ExerciseName,
    order: Annotated[
        str | None,
        typer.Option("--order", metavar="NUMBERS", help="Try these lines of the last hint, for example 3,1,4."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show one more hint each time: where to look, the concept, lines of a solution to put in order.

    Two of the lines are wrong. With --order the exercise's checks say whether an order is right: exit code 0 if it is,
    1 if not.
    """
    if order is not None:
        _try_lines(exercise, order, as_json)
    step = after_check.next_hint(exercise, int(after_check.saved(exercise)["hints"]))
    if as_json:
        lines = list(step.lines.pieces) if step.lines else []
        print_json({"number": step.number, "out_of": step.out_of, "text": step.text, "lines": lines})
        return
    out.print(step.title, style="bold")
    out.print(step.text)
    if step.lines:
        _print_lines(exercise, step.lines)
    if step.number < step.out_of:
        out.print(f"One more: mtl-teach hint {exercise}")


def _print_lines(exercise: str, given: Arrangement) -> None:
    """The lines of the last hint with their numbers, and how to try an order."""
    before, after = given.around
    out.print(f"\n{before}")
    for number, line in enumerate(given.pieces, 1):
        out.print(f"{number:4}  {line}")
    if after:
        out.print(after)
    if given.touched:
        out.print(f"Yours so far: {','.join(str(place + 1) for place in given.inside)}")
    out.print(f"\nTry an order by its numbers, for example: mtl-teach hint {exercise} --order 3,1,4")


def _try_lines(exercise: str, numbers: str, as_json: bool) -> NoReturn:
    """Judge lines of the last hint that are given by their numbers."""
    judged = after_check.try_lines(exercise, numbers)
    if as_json:
        print_json({"right": judged.right, "text": judged.sentence})
    else:
        out.print(judged.sentence)
    raise typer.Exit(0 if judged.right else 1)


@app.command()
def reveal(
    exercise: ExerciseName,
    give_up: Annotated[bool, typer.Option("--give-up", help="Show it before you have passed.")] = False,
) -> None:
    """Show the commented solution against your own code, once you have passed or given up.

    That you gave up is recorded for yourself only; you may still pass the exercise afterwards.
    """
    catalogue.load(exercise)
    row = after_check.saved(exercise)
    if not (after_check.may_reveal(row) or give_up):
        raise UsageError(
            f"`{exercise}` is not passed yet. One more hint: mtl-teach hint {exercise}. "
            f"To see the solution all the same: mtl-teach reveal {exercise} --give-up"
        )
    solution = after_check.reveal(exercise, gave_up=not row["first_pass"])
    if is_code(row["answer"]):
        out.print("Your code (-) and the commented solution (+)", style="bold")
        for line in difference_text(row["answer"], solution).splitlines():
            style = {"+": "green", "-": "red"}.get(line[:1], "")
            out.print(line, style=style)
    else:
        out.print(solution)


@app.command()
def written(
    answer: Annotated[
        str, typer.Argument(metavar="[ANSWER]", help="A written answer or its problem set, for example ps05.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Compare a written answer of yours with what it is marked by; without a name, list them all.

    Your text is read from the saved notebook. Questions about it come first, to be answered with y or n, then the
    model answer. Nothing is shown before you have written something.
    """
    workspace = workspace_here()
    if not answer:
        texts = own_text.texts(workspace)
        if as_json:
            print_json([_text_data(text) for text in texts.values()])
        else:
            out.print(self_check.as_text(texts))
        return
    text = own_text.text_of(workspace, answer)
    if as_json:
        print_json(_text_data(text))
        return
    if not text.enough:
        raise UsageError(text.too_short)
    own_text.begun(text)
    out.print(text.part.title, style="bold")
    out.print(f"Your text has {text.n_words} words. {own_text.ASKED_ONCE_MORE}")
    if not _yes("Show them?"):
        return
    answers = [_yes(f"\n{number}. {plain(question)}") for number, question in enumerate(text.questions, 1)]
    out.print(f"\n{own_text.verdict(text.questions, answers)}")
    for title, words in (("Your text", text.source), ("The model answer", text.solution.model)):
        out.print(f"\n{title}", style="bold")
        out.print(own_text.flowing(words))
    if text.solution.remark:
        out.print(f"\nThe mark scheme adds: {plain(text.solution.remark)}")
    own_text.done(text)


def _text_data(text: own_text.Text) -> dict[str, Any]:
    part = text.part
    return {"id": part.id, "title": part.title, "state": part.state, "words": text.n_words}


def _yes(question: str) -> bool:
    """What is answered with y or n."""
    while True:
        out.print(f"{question} (y or n): ", end="")
        line = sys.stdin.readline()
        if not line:
            raise UsageError("Ended before the last question: the model answer was not shown.")
        if (word := line.strip().lower()) in ("y", "yes", "n", "no"):
            return word[0] == "y"


# ---- quick tests -----------------------------------------------------------------------------------------------


@app.command()
def quiz(
    lesson: Annotated[str, typer.Argument(help="The lesson's number, for example 05.")],
    seed: Annotated[int | None, typer.Option(help="Of the order of the questions.", hidden=True)] = None,
) -> None:
    """Take the quick test of a lesson: seven questions, five right answers pass. Exit code 0 if you passed."""
    test = bank.load(lesson).shuffled(random.Random(seed))
    out.print(f"Quick test {test.id}: {test.title}", style="bold")
    chosen: list[int | None] = []
    for number, question in enumerate(test.questions, 1):
        out.print(f"\n{number}. {plain(question.text)}")
        for letter, option in zip(bank.LETTERS, question.options):
            out.print(f"   {letter}. {plain(option.text)}")
        index = _ask_letter(len(question.options))
        if index is None:
            raise UsageError("The quick test was ended before its last question; nothing was saved.")
        chosen.append(index)
        option = question.options[index]
        word, style = ("Right.", "green") if option.correct else ("Not right.", "red")
        out.print(f"   {word} {plain(option.why)}", style=style)
        if not option.correct:
            right = question.right
            out.print(f"   The right answer: {plain(right.text)}")
            out.print(f"   {plain(right.why)}")
    score = test.score(chosen)
    save(lambda progress: progress.record_quick_test(test.id, score, len(chosen)))
    save(lambda progress: cards.missed(progress, test.id, test.missed(chosen)))
    out.print(f"\n{bank.verdict(test, score)}", style="bold")
    raise typer.Exit(0 if bank.passed(score) else 1)


def _ask_letter(count: int) -> int | None:
    """The place of the option that is chosen; None where the input ends."""
    letters = bank.LETTERS[:count]
    while True:
        out.print(f"   Your answer ({letters[0]} to {letters[-1]}): ", end="")
        line = sys.stdin.readline()
        if not line:
            return None
        answer = line.strip().upper()
        if len(answer) == 1 and answer in letters:
            return letters.index(answer)
        out.print(f"   Type one letter from {letters[0]} to {letters[-1]}.")


# ---- the review ------------------------------------------------------------------------------------------------


@app.command()
def review(
    as_json: AsJson = False,
    seed: Annotated[int | None, typer.Option(help="Of the order of the options.", hidden=True)] = None,
) -> None:
    """Look again at what you misjudged: what is due today, a few cards, about five minutes at most.

    Missed questions of quick tests, predictions that went wrong and mistakes that you once made come back after 1, 3, 7
    and 21 days. Every answer is saved at once: Ctrl+D ends the review.
    """
    progress, on = Progress(workspace_here() / PROGRESS), schedule.today()
    day = cards.of_today(progress, on)
    _tell(progress.notice)
    if as_json:
        due = [{"id": card.id, "kind": card.kind, "due": card.due} for card in day.cards]
        following = day.next_day.isoformat() if day.next_day else None
        print_json({"due": due, "minutes": day.minutes if due else 0, "later": day.later, "next_day": following})
        return
    if day.cards:
        out.print(f"{summary.opening(day)}.", style="bold")
        _ask_cards(progress, day, random.Random(seed))
    for sentence in [*summary.remarks(day, on), *summary.calibration(progress)]:
        out.print(sentence)


def _ask_cards(progress: Progress, day: cards.Today, rng: random.Random) -> None:
    """Ask one card after the other until there is none, or the input ends."""
    right = number = 0
    asked = [(card, question) for card in day.cards if (question := asking.ask(card, rng))]
    for number, (card, question) in enumerate(asked, 1):
        out.print(f"\n{number} of {len(asked)}. {question.where}", style="bold")
        if question.code:
            out.print(plain(question.lead))
        for line in question.code.splitlines():
            out.print(f"   | {line}")
        out.print(plain(question.text))
        for letter, option in zip(bank.LETTERS, question.options):
            out.print(f"   {letter}. {plain(option.text)}")
        index = _ask_letter(len(question.options))
        if index is None:
            out.print("\nEnded here; what you answered is saved.")
            return
        chosen = question.options[index]
        out.print(f"   {'Right.' if chosen.correct else 'Not right.'} {plain(chosen.why)}")
        if not chosen.correct:
            out.print(f"   The right answer: {plain(question.right.text)}")
            out.print(f"   {plain(question.right.why)}")
        right += chosen.correct
        if not cards.answered(progress, card, chosen.correct):
            out.print(f"   {summary.ELSEWHERE}")
    if asked:
        out.print(f"\n{summary.ending(right, len(asked))}", style="bold")


# ---- common ----------------------------------------------------------------------------------------------------


def _tell(sentence: str) -> None:
    if sentence:
        err.print(sentence)


def main() -> None:
    """Run the command; an error is one sentence and exit code 2."""
    run(app, EXPECTED, stopped="Stopped.")


if __name__ == "__main__":
    main()
