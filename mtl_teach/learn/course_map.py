"""The map of the course: lessons and projects of a workspace, what the learner has done of them, and what is next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder import exercises
from autograder.files import Cell
from autograder.kernel import in_browser, say_once
from autograder.quizzes import bank
from autograder.sections import at, cell_of, read_cells, sections_of
from mtl_teach.learn.browser.here import texts
from mtl_teach.learn.progress import Progress, Row
from mtl_teach.learn.search import readable

QUICK_TEST_MINUTES = 10
WRITTEN_MINUTES = 8  # where the problem set does not say it
ROUND_TO = 5  # minutes: nobody reads to the minute
_MINUTES = re.compile(r"\*(\d+) minutes")
_FRAME = re.compile(r"^In (?:words|writing): |\s*\(\d+ points?\)$")  # of the title of a written answer
_TIME = re.compile(r"\*\*Time:\*\* (?:about )?(\d+(?:\.5)?) (minute|hour)s?")
_MILESTONE = re.compile(r"""board\.show\(\s*["']([^"']+)["']""")


@dataclass(frozen=True)
class Step:
    """What to do next, or what is open as well: a sentence, and the file to open inside the workspace.

    Attributes
    ----------
    sentence, path : str
    cell : str
        The id of the cell at which to open it; empty for its top.
    begun : bool
        True where the learner goes on with it.
    """

    sentence: str
    path: str
    cell: str = ""
    begun: bool = field(default=False, compare=False)  # two ways to the same place are one step

    @property
    def link(self) -> str:
        """A link from the workspace's folder that opens the file at the cell."""
        return at(self.path, self.cell)


@dataclass(frozen=True)
class Place:
    """Where the learner was last in a notebook.

    Attributes
    ----------
    section, cell : str
        The heading above the cell that was run last, and the id of the heading's cell; empty where it is gone.
    cells, out_of : int
        How far the learner came, in code cells.
    when : str
        ISO 8601.
    """

    section: str
    cell: str
    cells: int
    out_of: int
    when: str

    @property
    def share(self) -> float:
        """How much of the notebook was run, from 0 to 1."""
        return min(1.0, self.cells / self.out_of) if self.out_of else 1.0


@dataclass(frozen=True)
class Task:
    """One exercise as the map shows it; ``cell`` is where its problem set begins to speak of it."""

    id: str
    title: str
    minutes: int
    difficulty: int
    row: Row
    cell: str = ""

    @property
    def state(self) -> str:
        """One of: passed, tried, open."""
        if self.row["first_pass"]:
            return "passed"
        return "tried" if self.row["attempts"] else "open"


@dataclass(frozen=True)
class Written:
    """One written answer of a problem set; its state is "open", "begun" or "done"."""

    id: str
    title: str
    minutes: int
    state: str
    cell: str = ""


@dataclass(frozen=True)
class Lesson:
    """One lesson with its exercises, written answers and quick test, as the map shows it."""

    slug: str
    title: str
    path: str
    problem_set: str
    tasks: tuple[Task, ...]
    quick_test: str
    quick_test_best: int | None
    minutes: int = 0
    place: Place | None = None
    written: tuple[Written, ...] = ()

    @property
    def number(self) -> int:
        return int(self.slug[:2]) if self.slug[:2].isdigit() else 0

    @property
    def done(self) -> bool:
        """True where every exercise and the quick test are passed; with nothing to pass, where it was read."""
        return self.tasks_done and self.quick_test_done and (bool(self.tasks or self.quick_test) or self.read)

    @property
    def read(self) -> bool:
        """True once it was run to its end."""
        return self.place is not None and self.place.share >= 1

    @property
    def tasks_done(self) -> bool:
        return all(task.state == "passed" for task in self.tasks)

    @property
    def quick_test_done(self) -> bool:
        return not self.quick_test or (self.quick_test_best is not None and bank.passed(self.quick_test_best))

    @property
    def begun(self) -> bool:
        touched = self.place is not None or self.quick_test_best is not None
        return touched or any(task.state != "open" for task in self.tasks)

    @property
    def reading_left(self) -> int:
        """Minutes of reading; none where only its exercises were begun, since nobody knows what was read."""
        if self.place is None:
            return 0 if self.begun else self.minutes
        return _rounded(self.minutes * (1 - self.place.share))

    @property
    def minutes_left(self) -> int:
        """Minutes for all of it that is open."""
        tasks = sum(task.minutes for task in self.tasks if task.state != "passed") if self.problem_set else 0
        written = sum(one.minutes for one in self.written if one.state != "done")
        return self.reading_left + tasks + written + (0 if self.quick_test_done else QUICK_TEST_MINUTES)


@dataclass(frozen=True)
class Project:
    """One project as the map shows it."""

    slug: str
    title: str
    path: str
    milestones: tuple[str, ...]
    passed: frozenset[str]
    minutes: int = 0
    place: Place | None = None

    @property
    def n_passed(self) -> int:
        return sum(name in self.passed for name in self.milestones)

    @property
    def begun(self) -> bool:
        return self.place is not None or self.n_passed > 0

    @property
    def done(self) -> bool:
        return bool(self.milestones) and self.n_passed == len(self.milestones)

    @property
    def minutes_left(self) -> int:
        open_share = 1 - self.n_passed / len(self.milestones) if self.milestones else 1
        return _rounded(self.minutes * open_share)


def _rounded(minutes: float) -> int:
    return 0 if minutes <= 0 else max(ROUND_TO, ROUND_TO * round(minutes / ROUND_TO))


# ---- reading a workspace ---------------------------------------------------------------------------------------


def course_map(workspace: Path) -> list[Lesson]:
    """Every lesson of a workspace in order, with what the learner has done of it."""
    progress = Progress.of(workspace)
    taken, places, written = progress.quick_tests(), progress.places(), progress.written()
    saved = progress.exercises()
    blank = progress.blank("")
    by_lesson: dict[str, list[Task]] = {}
    for exercise in exercises.all_exercises():
        row = saved.get(exercise.id, blank)
        task = Task(exercise.id, exercise.title, exercise.minutes, exercise.difficulty, row)
        by_lesson.setdefault(exercise.lesson, []).append(task)
    say_once(progress.notice)
    workspace, lessons = texts(workspace), []
    for file in sorted((workspace / "lessons").glob("[0-9]*.ipynb")):
        slug = file.stem
        problem_set = f"exercises/ps{slug}/ps{slug}.ipynb"
        number = slug[:2]
        quick_test = number if number in bank.all_quizzes() else ""
        cells, asked = read_cells(file), read_cells(workspace / problem_set)
        lessons.append(
            Lesson(
                slug,
                _title(cells, file),
                f"lessons/{file.name}",
                problem_set if (workspace / problem_set).exists() else "",
                tuple(_in_notebook_order(by_lesson.get(slug, []), asked)),
                quick_test,
                taken[quick_test]["best"] if quick_test in taken else None,
                _minutes(cells),
                _place(places.get(slug), cells),
                () if in_browser() else tuple(_written(f"ps{slug}", asked, written)),  # nothing there compares them
            )
        )
    return lessons


def projects_of(workspace: Path) -> list[Project]:
    """Every project of a workspace in order, with the milestones that were reached."""
    progress = Progress.of(workspace)
    places, passed = progress.places(), progress.milestones()
    say_once(progress.notice)
    projects = []
    for file in sorted((workspace / "projects").glob("[pP][0-9]*.ipynb")):
        cells = read_cells(file)
        code = "\n".join(cell.source for cell in cells if cell.kind == "code")
        projects.append(
            Project(
                file.stem,
                re.sub(r"^Project \d+\.\s*", "", _title(cells, file)),
                f"projects/{file.name}",
                tuple(dict.fromkeys(_MILESTONE.findall(code))),
                frozenset(passed.get(file.stem, ())),
                _minutes(cells),
                _place(places.get(file.stem), cells),
            )
        )
    return projects


def _title(cells: Sequence[Cell], file: Path) -> str:
    """The first heading of a notebook without its number, else its name."""
    text = "\n".join(cell.source for cell in cells if cell.kind == "markdown")
    heading = re.search(r"^#\s+(.+)$", text, re.MULTILINE)
    return re.sub(r"^\d+\.\s*", "", heading[1].strip()) if heading else file.stem[3:].replace("_", " ").capitalize()


def _minutes(cells: Sequence[Cell]) -> int:
    """What a notebook says of its time, in minutes; 0 where it says nothing."""
    found = next((found for cell in cells if cell.kind == "markdown" and (found := _TIME.search(cell.source))), None)
    return round(float(found[1]) * (60 if found[2] == "hour" else 1)) if found else 0


def _place(row: Row | None, cells: Sequence[Cell]) -> Place | None:
    if row is None:
        return None
    cell = cell_of(cells, row["section"])
    return Place(readable(row["section"]) if cell else "", cell, row["cells"], row["out_of"], row["at"])


def _in_notebook_order(tasks: list[Task], asked: Sequence[Cell]) -> list[Task]:
    """The exercises as the problem set has them, those that it lacks after them by difficulty; each with its place."""
    order = {f"check-{task.id}": task for task in tasks}
    heading = {cell.name: section.cell for section in sections_of(asked) for cell in section.cells}
    places = {order[cell.name].id: number for number, cell in enumerate(asked) if cell.name in order}
    found = [replace(task, cell=heading.get(f"check-{task.id}", "")) for task in tasks]
    if in_browser():  # where a problem set lacks what needs PyTorch
        found = [task for task in found if task.id in places]
    return sorted(found, key=lambda task: (places.get(task.id, len(asked)), task.difficulty, task.id))


def _written(problem_set: str, asked: Sequence[Cell], states: Mapping[str, str]) -> Iterator[Written]:
    """The answers of a problem set that are written in words."""
    title, minutes, cell = "", WRITTEN_MINUTES, ""
    for one in asked:
        if one.kind != "markdown":
            continue
        marks = one.metadata.get("nbgrader")
        if isinstance(marks, dict) and marks.get("grade") and marks.get("solution"):
            name = f"{problem_set}/{one.grade_id}"
            words = _FRAME.sub("", readable(title)) or one.grade_id
            yield Written(name, words[:1].upper() + words[1:], minutes, states.get(name, "open"), cell or one.id)
        elif section := next((part for part in reversed(sections_of([one])) if part.level), None):
            found = _MINUTES.search(section.text)
            title, minutes, cell = section.title, int(found[1]) if found else WRITTEN_MINUTES, one.id


# ---- what is next ----------------------------------------------------------------------------------------------


def next_step(lessons: Sequence[Lesson], projects: Sequence[Project] = ()) -> Step:
    """The next thing to do: go on where the learner was last, else the first lesson that is not done.

    In a lesson come reading, exercises, written answers, quick test. A lesson without anything to pass comes after all
    others, then written answers that were left, then the projects.
    """
    everything: list[Lesson | Project] = [*lessons, *projects]
    last = max((one for one in everything if one.place), key=_when, default=None)
    if isinstance(last, Project) and not last.done:
        return _project_step(last)
    first = [last] if isinstance(last, Lesson) else []
    for lesson in (*first, *lessons):
        if lesson.done or not (lesson.tasks or lesson.quick_test or lesson.place):
            continue
        if (step := next(_steps(lesson), None)) is not None:
            return step
    return _after_the_lessons(lessons, projects)


def _when(one: Lesson | Project) -> str:
    return one.place.when if one.place else ""


def _steps(lesson: Lesson) -> Iterator[Step]:
    """What is open of a lesson, in order."""
    if not lesson.begun:
        yield Step(f"Work through the lesson “{lesson.title}”{_about(lesson.minutes)}.", lesson.path)
        return
    if lesson.place and not lesson.read:
        where = f", “{lesson.place.section}”" if lesson.place.section else ""
        left = f" (about {lesson.reading_left} minutes left)" if lesson.reading_left else ""
        yield Step(f"Continue: lesson {lesson.number}{where}{left}.", lesson.path, lesson.place.cell, begun=True)
    for task in lesson.tasks:
        if task.state != "passed" and lesson.problem_set:
            tried = task.state == "tried"
            doing = f"{'Go on with' if tried else 'Solve'} the exercise “{task.title}” ({task.minutes} minutes)."
            yield Step(doing, lesson.problem_set, task.cell, begun=tried)
    for one in lesson.written:
        if one.state != "done":
            yield _written_step(one, lesson)
    if not lesson.quick_test_done:
        yield Step(f"Take the quick test of “{lesson.title}”.", f"quick_tests/quick_test_{lesson.quick_test}.ipynb")


def _written_step(one: Written, lesson: Lesson) -> Step:
    begun = one.state == "begun"
    doing = "Go on with your answer to" if begun else "Answer in writing"
    return Step(f"{doing} “{one.title}”{_about(one.minutes)}.", lesson.problem_set, one.cell, begun)


def _project_step(project: Project) -> Step:
    left = f" ({project.n_passed} of {len(project.milestones)} milestones)" if project.milestones else ""
    where = f", “{project.place.section}”" if project.place and project.place.section else ""
    number = project.slug[1:2]
    cell = project.place.cell if project.place else ""
    return Step(f"Continue: project {number}{where}{left}.", project.path, cell, begun=True)


def _after_the_lessons(lessons: Sequence[Lesson], projects: Sequence[Project]) -> Step:
    to_read = [lesson for lesson in lessons if not (lesson.tasks or lesson.quick_test or lesson.read)]
    if to_read:
        return Step(f"Everything is passed. Read “{to_read[0].title}”, then choose a project.", to_read[0].path)
    for lesson in lessons:
        for one in lesson.written:
            if one.state != "done":
                return _written_step(one, lesson)
    begun = [project for project in projects if project.begun and not project.done]
    if begun:
        return _project_step(begun[0])
    if projects and all(project.done for project in projects):
        return Step("Everything is done, the projects too. Well worked.", "index.ipynb")
    return Step("Everything is done. Choose a project and make it yours.", "projects")


def also_begun(lessons: Sequence[Lesson], projects: Sequence[Project], step: Step) -> list[Step]:
    """What was begun and is open, beside the next step."""
    found = [one for lesson in lessons if lesson.begun and not lesson.done for one in _steps(lesson) if one.begun]
    found += [_project_step(project) for project in projects if project.begun and not project.done]
    return [one for one in found if one != step]


def _about(minutes: int) -> str:
    return f" ({minutes} minutes)" if minutes else ""
