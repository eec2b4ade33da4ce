"""The home page of a workspace: the map of the course, the learner's progress, and what to do next."""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.kernel import in_kernel, say_once
from autograder.quizzes import bank
from mtl_teach.learn.progress import Progress, ProgressError, Row
from mtl_teach.learn.workspace.places import PROGRESS, find_workspace

HOME_CELL = "home-progress"
_PAGE_LINK = re.compile(r"\]\((\w+)\.md")


@dataclass(frozen=True)
class Step:
    """What to do next: a sentence, and the file to open inside the workspace."""

    sentence: str
    path: str


@dataclass(frozen=True)
class Task:
    """One exercise as the map shows it."""

    id: str
    title: str
    minutes: int
    difficulty: int
    row: Row

    @property
    def state(self) -> str:
        """One of: passed, tried, open."""
        if self.row["first_pass"]:
            return "passed"
        return "tried" if self.row["attempts"] else "open"


@dataclass(frozen=True)
class Lesson:
    """One lesson with its exercises and its quick test, as the map shows it."""

    slug: str
    title: str
    path: str
    problem_set: str
    tasks: tuple[Task, ...]
    quiz: str
    quiz_best: int | None

    @property
    def done(self) -> bool:
        """True where every exercise and the quick test are passed, and there is something to pass."""
        return self.tasks_done and self.quiz_done and bool(self.tasks or self.quiz)

    @property
    def tasks_done(self) -> bool:
        return all(task.state == "passed" for task in self.tasks)

    @property
    def quiz_done(self) -> bool:
        return not self.quiz or (self.quiz_best is not None and bank.passed(self.quiz_best))

    @property
    def begun(self) -> bool:
        return self.quiz_best is not None or any(task.state != "open" for task in self.tasks)


def course_map(workspace: Path) -> list[Lesson]:
    """Every lesson of a workspace in order, with what the learner has done of it."""
    from autograder import exercises

    progress = Progress(workspace / PROGRESS)
    taken = progress.quizzes()
    saved = progress.exercises()
    blank = progress.blank("")
    by_lesson: dict[str, list[Task]] = {}
    for one in exercises.all_exercises():
        row = saved.get(one.id, blank)
        by_lesson.setdefault(one.lesson, []).append(Task(one.id, one.title, one.minutes, one.difficulty, row))
    say_once(progress.notice)
    lessons = []
    for file in sorted((workspace / "lessons").glob("[0-9]*.ipynb")):
        slug = file.stem
        problem_set = f"exercises/ps{slug}/ps{slug}.ipynb"
        number = slug[:2]
        quiz = number if number in bank.all_quizzes() else ""
        lessons.append(
            Lesson(
                slug,
                _title(file),
                f"lessons/{file.name}",
                problem_set if (workspace / problem_set).exists() else "",
                tuple(_in_notebook_order(by_lesson.get(slug, []), workspace / problem_set)),
                quiz,
                taken[quiz]["best"] if quiz in taken else None,
            )
        )
    return lessons


def _title(file: Path) -> str:
    """The first heading of a notebook without its number, else its name."""
    try:
        text = "\n".join(
            "".join(cell["source"])
            for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "markdown"
        )
    except (OSError, ValueError, KeyError, TypeError):
        text = ""
    found = re.search(r"^#\s+(.+)$", text, re.MULTILINE)
    return re.sub(r"^\d+\.\s*", "", found[1].strip()) if found else file.stem[3:].replace("_", " ").capitalize()


def _in_notebook_order(tasks: list[Task], problem_set: Path) -> list[Task]:
    try:
        text = problem_set.read_text(encoding="utf-8")
    except OSError:
        text = ""
    places = {task.id: text.find(f"check-{task.id}") for task in tasks}
    return sorted(tasks, key=lambda task: (places[task.id] < 0, places[task.id], task.difficulty, task.id))


def next_step(lessons: list[Lesson]) -> Step:
    """The next thing to do: the first lesson that is not done, and in it reading, exercises, quick test."""
    for lesson in lessons:
        if lesson.done:
            continue
        if not lesson.begun:
            return Step(f"Work through the lesson “{lesson.title}”.", lesson.path)
        for task in lesson.tasks:
            if task.state != "passed" and lesson.problem_set:
                doing = "Go on with" if task.state == "tried" else "Solve"
                return Step(f"{doing} the exercise “{task.title}” ({task.minutes} minutes).", lesson.problem_set)
        if not lesson.quiz_done:
            return Step(f"Take the quick test of “{lesson.title}”.", f"quick_tests/{lesson.quiz}.ipynb")
    return Step("Everything is done. Choose a project and make it yours.", "projects")


def home() -> None:
    """Show the map, the progress and the next step; outside a workspace say how to make one."""
    workspace = find_workspace()
    if workspace is None:
        print("This notebook is in no workspace; make one with: mtl-teach start")
        return
    try:
        lessons = course_map(workspace)
    except ProgressError as error:
        print(error)
        return
    if in_kernel():
        from IPython.display import display

        display({"text/html": as_html(lessons), "text/plain": as_text(lessons)}, raw=True)
    else:
        print(as_text(lessons))


MARKS = {"passed": "✓", "tried": "…", "open": "○"}


def quiz_words(lesson: Lesson) -> str:
    """How the quick test of a lesson stands, in words."""
    if not lesson.quiz:
        return "none yet"
    if lesson.quiz_best is None:
        return "○ not taken"
    mark = "✓ passed" if lesson.quiz_done else "… not passed"
    return f"{mark}, best {lesson.quiz_best} of {bank.N_QUESTIONS}"


def as_text(lessons: list[Lesson]) -> str:
    """The map as text."""
    lines = []
    for lesson in lessons:
        passed = sum(task.state == "passed" for task in lesson.tasks)
        lines.append(f"{'✓' if lesson.done else ' '} {lesson.slug[:2]} {lesson.title}")
        lines.append(f"     exercises: {passed} of {len(lesson.tasks)} passed; quick test: {quiz_words(lesson)}")
    step = next_step(lessons)
    return "\n".join([*lines, f"Next: {step.sentence} ({step.path})"])


def as_html(lessons: list[Lesson]) -> str:
    """The map as HTML: a link to what is next, then one row a lesson."""
    step = next_step(lessons)
    rows = "".join(_row(lesson) for lesson in lessons)
    return (
        f'<p class="mtl-next" style="line-height:2.4"><strong>Next:</strong> {html.escape(step.sentence)} '
        f'<a href="{html.escape(step.path)}" style="border:2px solid #1976d2;border-radius:4px;'
        f'padding:.2em .8em;font-weight:bold;white-space:nowrap">Open it</a></p>'
        '<table class="mtl-map"><caption>Your way through the course (✓ passed, … begun, ○ open)</caption><thead>'
        f"<tr>{''.join(map(_head, ('Lesson', 'Exercises', 'Quick test')))}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _head(name: str) -> str:
    return f'<th scope="col" style="text-align:left">{name}</th>'


def _row(lesson: Lesson) -> str:
    tasks = "<br>".join(f"{MARKS[task.state]} {html.escape(task.title)} ({task.state})" for task in lesson.tasks)
    if lesson.problem_set:
        tasks += f'<br><a href="{lesson.problem_set}">Problem set {lesson.slug[:2]}</a>'
    quiz = html.escape(quiz_words(lesson))
    if lesson.quiz:
        quiz += f'<br><a href="quick_tests/{lesson.quiz}.ipynb" style="white-space:nowrap">Quick test {lesson.quiz}</a>'
    mark = "✓ " if lesson.done else ""
    name = f"{mark}{lesson.slug[:2]} {html.escape(lesson.title)}"
    return (
        f'<tr><th scope="row" style="text-align:left"><a href="{lesson.path}">{name}</a></th>'
        f'<td style="text-align:left">{tasks}</td><td style="text-align:left">{quiz}</td></tr>'
    )


# ---- the notebooks that are made here --------------------------------------------------------------------------


def notebook() -> dict[str, Any]:
    """The home page as a notebook."""
    welcome = (
        "# Multi-task and multi-objective learning\n\n"
        "Welcome. Below are your progress and what is next. They are as of the last start: run the cell (click it, "
        "then press **Shift+Enter**) whenever you come back to this page.\n\n"
        "1. Read a lesson and run its cells from the top, one by one with **Shift+Enter**.\n"
        "2. Solve its problem set; `check(...)` says within a second what is right, and what went wrong. Stuck? "
        "A button under a failed check gives hints.\n"
        "3. Take its quick test. Five of seven right answers pass.\n\n"
        "New here? [What you need to know before](lessons/pages/prerequisites.ipynb) · "
        "[the way through the course](lessons/pages/learning_path.ipynb) · "
        "[glossary](lessons/pages/glossary.ipynb) · [help](lessons/pages/help.ipynb)"
    )
    return _notebook(
        ("home-welcome", "markdown", welcome),
        (HOME_CELL, "code", "from mtl_teach.learn.home import home\n\nhome()"),
        (
            "home-help",
            "markdown",
            "In a terminal (*File → New → Terminal*), `mtl-teach next` says the same as the cell above, and "
            "`mtl-teach --help` lists the rest. Everything you do stays on this computer.\n\n"
            "If Python says `NameError: name ... is not defined`, the kernel was restarted or a cell was left out: "
            "choose *Run → Run All Above Selected Cell*. If a set-up or check cell is gone, `mtl-teach start` "
            "brings it back.",
        ),
    )


def quick_tests() -> Iterator[tuple[str, dict[str, Any]]]:
    """One small notebook a quick test, by its path in the workspace."""
    for number in bank.all_quizzes():
        text = (
            f"# Quick test {number}\n\nRun the next cell (**Shift+Enter**), choose one answer to each question, "
            "and press *Check my answers*."
        )
        code = f'from mtl_teach.learn import quiz\n\nquiz("{number}")'
        yield (
            f"quick_tests/{number}.ipynb",
            _notebook((f"quick-{number}-text", "markdown", text), (f"quick-{number}-quiz", "code", code)),
        )


def pages(course: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Help, glossary and the other pages as notebooks, by their path in the workspace."""
    for file in sorted((course / "lessons" / "pages").glob("*.md")):
        text = _PAGE_LINK.sub(r"](\1.ipynb", file.read_text(encoding="utf-8"))
        name = file.stem.replace("_", "-")
        yield f"lessons/pages/{file.stem}.ipynb", _notebook((f"page-{name}", "markdown", text))


_NUMBER = re.compile(r"(?:ps)?(\d\d)")
_KIN = {"lessons": "Lesson", "exercises": "Problem set", "quick_tests": "Quick test"}


def signposted(path: str, notebook: dict[str, Any], there: Iterable[str]) -> dict[str, Any]:
    """A notebook with links to the others of its lesson and to the home page, under its title and at its end.

    Parameters
    ----------
    path : str
        Of the notebook in the workspace.
    notebook : dict
    there : iterable of str
        The paths of all notebooks of the workspace.
    """
    numbers = {other: found[1] for other in there if (found := _NUMBER.match(PurePosixPath(other).stem))}
    links = [
        f"[{name} {number}]({_from(path, other)})"
        for folder, name in _KIN.items()
        for other, number in numbers.items()
        if number == numbers.get(path) and other != path and other.startswith(f"{folder}/")
    ]
    text = " · ".join([*links, f"[Home page]({_from(path, 'index.ipynb')})"])
    first, *rest = notebook["cells"]
    top = [] if path.startswith("quick_tests/") else [_cell("signpost-top", "markdown", text)]  # that one is short
    end = [_cell("signpost-end", "markdown", f"**Go on:** {text}")] if links else []
    return {**notebook, "cells": [first, *top, *rest, *end]}


def _from(path: str, other: str) -> str:
    return posixpath.relpath(other, PurePosixPath(path).parent)


def _notebook(*cells: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "cells": [_cell(*cell) for cell in cells],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(name: str, kind: str, text: str) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": lines}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def with_progress(page: dict[str, Any], lessons: list[Lesson]) -> dict[str, Any]:
    """The home page with its map already shown, so that it says something before anything is run."""
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": as_html(lessons), "text/plain": as_text(lessons)},
    }
    cells = [
        {**cell, "outputs": [output]} if cell.get("id") == HOME_CELL and cell["cell_type"] == "code" else cell
        for cell in page["cells"]
    ]
    return {**page, "cells": cells}
