"""What to do next once an exercise or a quick test is passed: the next one in the notebook, else what the map says."""

from __future__ import annotations

import html
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autograder.results import ExerciseResult
from autograder.sections import at
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
        What is to be opened: as it is called, and its file in the workspace, with ``#`` and its cell where it has one.
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
        path, _, place = self.path.partition("#")
        link = quote(Path(os.path.relpath(workspace / path, Path.cwd().resolve())).as_posix())
        link += f"#{quote(place, safe='=')}" if place else ""
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
    if (found := _next_exercise(lesson, result.exercise)) is not None:
        return found
    return _rest(lesson, lessons, "That was the last open exercise here.")


def after_quick_test(name: str) -> Onward | None:
    """What comes after a passed quick test; None outside a workspace, or where progress cannot be read."""
    workspace = find_workspace()
    if workspace is None:
        return None
    try:
        lessons = course_map(workspace)
    except ProgressError:
        return None
    lesson = next((one for one in lessons if one.quick_test == name), None)
    return _rest(lesson, lessons, "Next:") if lesson else None


def _rest(lesson: Lesson, lessons: Sequence[Lesson], sentence: str) -> Onward:
    """What the map says of a lesson, its written answers included; where nothing of it is open, of the whole course."""
    if lesson.done and all(one.state == "done" for one in lesson.written):
        step = next_step(lessons)
        return Onward("Everything of this lesson is done.", step.sentence, step.link)
    step = next_step([lesson])
    return Onward(sentence, step.sentence, step.link)


def _next_exercise(lesson: Lesson, exercise: str) -> Onward | None:
    """The next exercise of the same problem set that is not passed: below this one, else above it."""
    place = next(place for place, task in enumerate(lesson.tasks) if task.id == exercise)
    below = [task for task in lesson.tasks[place + 1 :] if task.state != "passed"]
    above = [task for task in lesson.tasks[:place] if task.state != "passed"]
    for sentence, tasks in (("Next:", below), ("Still open above:", above)):
        if tasks:
            task = tasks[0]
            name = f"“{task.title}” ({task.minutes} minutes)"
            link = at(lesson.problem_set, task.cell) if lesson.problem_set else lesson.path
            return Onward(sentence, name, link)
    return None


def show(result: ExerciseResult) -> None:
    """Under a passed check, say what to do next; nothing outside a workspace."""
    workspace = find_workspace()
    if not result.passed or workspace is None:
        return
    onward = after(result, workspace)
    if onward is not None:
        from IPython.display import display

        display({"text/html": onward.as_html(workspace), "text/plain": onward.text}, raw=True)
