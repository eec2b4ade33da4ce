"""What to do next once an exercise is passed: the next one in the notebook, else what the map says."""

from __future__ import annotations

import html
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autograder.files import NotANotebook, cells_of, read_notebook
from autograder.results import ExerciseResult
from mtl_teach.learn.course_map import Lesson, course_map, next_step
from mtl_teach.learn.progress import ProgressError
from mtl_teach.learn.workspace.places import find_workspace


@dataclass(frozen=True)
class Onward:
    """What to do next.

    Attributes
    ----------
    sentence : str
    name, path : str
        What is to be opened: as it is called, and its file in the workspace, with ``#`` and a heading where it has one.
    """

    sentence: str
    name: str
    path: str

    @property
    def text(self) -> str:
        """It all as plain text."""
        return f"{self.sentence} {self.name}"

    def as_html(self, workspace: Path) -> str:
        """The same with a link from the current folder."""
        path, _, heading = self.path.partition("#")
        link = quote(Path(os.path.relpath(workspace / path, Path.cwd().resolve())).as_posix())
        link += f"#{quote(heading.replace(' ', '-'))}" if heading else ""
        return f'<p class="mtl-onward">{html.escape(self.sentence)} <a href="{link}">{html.escape(self.name)}</a></p>'


def after(result: ExerciseResult, workspace: Path) -> Onward | None:
    """What comes after a passed exercise; None for what stands in no lesson, or where progress cannot be read."""
    try:
        lessons = course_map(workspace)
    except ProgressError:
        return None
    lesson = next((one for one in lessons if any(task.id == result.exercise for task in one.tasks)), None)
    if lesson is None:
        return None
    if (found := _next_exercise(lesson, result.exercise, workspace)) is not None:
        return found
    if lesson.done:
        step = next_step(lessons)
        return Onward("Everything of this lesson is done.", step.sentence, step.path)
    step = next_step([lesson])
    return Onward("That was the last open exercise here.", step.sentence, step.path)


def _next_exercise(lesson: Lesson, exercise: str, workspace: Path) -> Onward | None:
    """The next exercise of the same problem set that is not passed: below this one, else above it."""
    at = next(place for place, task in enumerate(lesson.tasks) if task.id == exercise)
    below = [task for task in lesson.tasks[at + 1 :] if task.state != "passed"]
    above = [task for task in lesson.tasks[:at] if task.state != "passed"]
    for sentence, tasks in (("Next:", below), ("Still open above:", above)):
        if tasks:
            task = tasks[0]
            heading = _heading(workspace / lesson.problem_set, task.id) if lesson.problem_set else ""
            name = f"“{task.title}” ({task.minutes} minutes)"
            path = lesson.problem_set or lesson.path
            return Onward(sentence, name, f"{path}#{heading}" if heading else path)
    return None


def _heading(file: Path, exercise: str) -> str:
    """The heading under which an exercise stands in its problem set; empty where there is none."""
    try:
        cells = cells_of(read_notebook(file.read_bytes()))
    except (OSError, NotANotebook):
        return ""
    text = next((cell.source for cell in cells if cell.grade_id == f"about-{exercise}"), "")
    heading = re.search(r"^#+\s+(.+)$", text, re.MULTILINE)
    return heading[1].strip() if heading else ""


def show(result: ExerciseResult) -> None:
    """Under a passed check, say what to do next; nothing outside a workspace."""
    workspace = find_workspace()
    if not result.passed or workspace is None:
        return
    onward = after(result, workspace)
    if onward is not None:
        from IPython.display import display

        display({"text/html": onward.as_html(workspace), "text/plain": onward.text}, raw=True)
