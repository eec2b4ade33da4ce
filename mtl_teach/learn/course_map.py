"""The map of the course: every lesson of a workspace, what the learner has done of it, and what is next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from autograder import exercises
from autograder.files import NotANotebook, cells_of, read_notebook
from autograder.kernel import say_once
from autograder.quizzes import bank
from mtl_teach.learn.progress import Progress, Row
from mtl_teach.learn.workspace.places import PROGRESS


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
    quick_test: str
    quick_test_best: int | None

    @property
    def done(self) -> bool:
        """True where every exercise and the quick test are passed, and there is something to pass."""
        return self.tasks_done and self.quick_test_done and bool(self.tasks or self.quick_test)

    @property
    def tasks_done(self) -> bool:
        return all(task.state == "passed" for task in self.tasks)

    @property
    def quick_test_done(self) -> bool:
        return not self.quick_test or (self.quick_test_best is not None and bank.passed(self.quick_test_best))

    @property
    def begun(self) -> bool:
        return self.quick_test_best is not None or any(task.state != "open" for task in self.tasks)


def course_map(workspace: Path) -> list[Lesson]:
    """Every lesson of a workspace in order, with what the learner has done of it."""
    progress = Progress(workspace / PROGRESS)
    taken = progress.quick_tests()
    saved = progress.exercises()
    blank = progress.blank("")
    by_lesson: dict[str, list[Task]] = {}
    for exercise in exercises.all_exercises():
        row = saved.get(exercise.id, blank)
        task = Task(exercise.id, exercise.title, exercise.minutes, exercise.difficulty, row)
        by_lesson.setdefault(exercise.lesson, []).append(task)
    say_once(progress.notice)
    lessons = []
    for file in sorted((workspace / "lessons").glob("[0-9]*.ipynb")):
        slug = file.stem
        problem_set = f"exercises/ps{slug}/ps{slug}.ipynb"
        number = slug[:2]
        quick_test = number if number in bank.all_quizzes() else ""
        lessons.append(
            Lesson(
                slug,
                _title(file),
                f"lessons/{file.name}",
                problem_set if (workspace / problem_set).exists() else "",
                tuple(_in_notebook_order(by_lesson.get(slug, []), workspace / problem_set)),
                quick_test,
                taken[quick_test]["best"] if quick_test in taken else None,
            )
        )
    return lessons


def _title(file: Path) -> str:
    """The first heading of a notebook without its number, else its name."""
    try:
        cells = cells_of(read_notebook(file.read_bytes()))
    except (OSError, NotANotebook):
        cells = []
    text = "\n".join(cell.source for cell in cells if cell.kind == "markdown")
    heading = re.search(r"^#\s+(.+)$", text, re.MULTILINE)
    return re.sub(r"^\d+\.\s*", "", heading[1].strip()) if heading else file.stem[3:].replace("_", " ").capitalize()


def _in_notebook_order(tasks: list[Task], problem_set: Path) -> list[Task]:
    try:
        text = problem_set.read_text(encoding="utf-8")
    except OSError:
        text = ""
    places = {task.id: text.find(f"check-{task.id}") for task in tasks}
    return sorted(tasks, key=lambda task: (places[task.id] < 0, places[task.id], task.difficulty, task.id))


def next_step(lessons: list[Lesson]) -> Step:
    """The next thing to do: the first lesson that is not done, and in it reading, exercises, quick test.

    A lesson without anything to pass comes after all others: nobody can know whether it was read.
    """
    to_read = [lesson for lesson in lessons if not (lesson.tasks or lesson.quick_test)]
    for lesson in lessons:
        if lesson.done or lesson in to_read:
            continue
        if not lesson.begun:
            return Step(f"Work through the lesson “{lesson.title}”.", lesson.path)
        for task in lesson.tasks:
            if task.state != "passed" and lesson.problem_set:
                doing = "Go on with" if task.state == "tried" else "Solve"
                return Step(f"{doing} the exercise “{task.title}” ({task.minutes} minutes).", lesson.problem_set)
        if not lesson.quick_test_done:
            return Step(f"Take the quick test of “{lesson.title}”.", f"quick_tests/{lesson.quick_test}.ipynb")
    if to_read:
        return Step(f"Everything is passed. Read “{to_read[0].title}”, then choose a project.", to_read[0].path)
    return Step("Everything is done. Choose a project and make it yours.", "projects")
